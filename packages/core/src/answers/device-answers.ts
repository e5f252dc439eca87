import { z } from 'zod'
import type { AnswerOf } from './answer-of.js'
import { fileTensor } from './parts/file-tensor.js'
import { hash } from './parts/hash.js'
import { jsonObject } from './parts/json-object.js'
import { count, milliseconds, seconds } from './parts/numbers.js'
import { runtime } from './parts/runtime.js'
import { latency } from './parts/timing/latency.js'
import { processTiming } from './parts/timing/process-timing.js'
import { version } from './parts/version.js'

const listed = z.strictObject({
  device: z.string().describe('what `--device` takes'),
  state: z.string().describe('in words, e.g. why it cannot be used'),
  description: z.string().describe('what it is, e.g. its model; may be empty'),
  emulated: z.boolean().describe('a software device or a replay of recorded latencies, no hardware'),
})

export const deviceListAnswer = z.strictObject({
  version,
  devices: z.array(listed).describe('what every installed plug-in sees'),
})
export type DeviceListAnswer = AnswerOf<typeof deviceListAnswer>

const option = z.strictObject({
  name: z.string().describe('what stands before the `=`'),
  summary: z.string().describe('what it is, in words'),
  kind: z.literal(['text', 'number', 'flag', 'path']).describe('what may stand behind it; of a flag `true` or `false`'),
  choices: z.array(z.string()).nullable().describe('the only texts that may; `null` when any may'),
  use: z
    .literal(['device', 'benchmark', 'setup'])
    .describe('who is told: every command that opens the device, those that time models, or `device setup`'),
})

export const deviceDescribeAnswer = z.strictObject({
  version,
  name: z.string().describe('of the device'),
  kind: z.literal(['host', 'phone', 'board']).describe('`host`: this computer'),
  emulated: latency.emulated,
  formats: z.array(z.string()).describe('of the model files that it runs, the preferred one first'),
  runtime,
  fingerprint: hash.describe('covers all that moves latency on the device but the model and the runtime'),
  details: jsonObject.describe(
    "the device's own facts; for host: `processor`, `cores`, `architecture`, `system`, `kernel`, `memoryBytes`",
  ),
  options: z.array(option).describe('what `--option NAME=VALUE` can say'),
})
export type DeviceDescribeAnswer = AnswerOf<typeof deviceDescribeAnswer>

export const deviceSetupAnswer = z.strictObject({
  version,
  device: z.string().describe('as it was given'),
  runtime: runtime.describe('what runs model files there from now on'),
})
export type DeviceSetupAnswer = AnswerOf<typeof deviceSetupAnswer>

export const deviceCreateAnswer = z.strictObject({
  version,
  name: z.string().describe('what is to stand behind `--device`'),
  folder: z.string().describe('of the package'),
  files: z.array(z.string()).describe('that were written, below the folder'),
  next: z.array(z.string()).describe('commands that install, test, link and use it'),
})
export type DeviceCreateAnswer = AnswerOf<typeof deviceCreateAnswer>

const state = 'of the device where known (load, frequency)'

const load = z
  .strictObject({
    firstMs: milliseconds
      .nullable()
      .describe('getting the model ready in a fresh process, in ms, the median of the processes; `null` where it is not told'),
    cachedMs: milliseconds
      .nullable()
      .describe('the same when an earlier process left the weights as the runtime wants them; `null` where that is not known'),
    reason: z.string().nullable().describe('why `cachedMs` is not known'),
    firstInferenceMs: milliseconds.nullable().describe('the first inference, in ms, likewise'),
    peakBytes: count.nullable().describe('the most memory that one of the processes held'),
  })
  .meta({ id: 'Load', description: 'What a model costs before its first answer, and in memory.' })

const sustained = z
  .strictObject({
    seconds: seconds.describe('how long the model ran, in s'),
    firstMs: milliseconds.describe('median of the first tenth of the points, in ms'),
    lastMs: milliseconds.describe('the same of the last tenth'),
    slowdown: z.number().describe('lastMs / firstMs − 1'),
    throttled: z.boolean().describe('it is more than .05'),
    doubts: z.array(z.literal(['thermal', 'battery', 'drift'])).describe('what the device told meanwhile'),
    points: z
      .array(
        z.strictObject({
          atSeconds: z.number().min(0).describe('when it began, in s'),
          latencyMs: milliseconds.describe('of this process, in ms'),
          state: jsonObject.describe(`state ${state} behind it`),
        }),
      )
      .describe('of processes that followed each other without a pause'),
  })
  .meta({ id: 'Sustained', description: 'What becomes of a latency when a model runs on and on.' })

export const deviceBenchmarkAnswer = z.strictObject({
  version,
  model: z.string().describe('MODEL or the file, as it was given'),
  device: latency.device,
  emulated: latency.emulated,
  sizeBytes: count.describe('of the file that was timed'),
  latencyMs: latency.latencyMs,
  spread: latency.spread,
  stable: latency.stable,
  statistic: z.literal(['median', 'mean']).describe('of the runs of each process: of which `latencyMs` is the median'),
  processes: z.array(processTiming).describe('what each fresh process said'),
  runtime: latency.runtime,
  fingerprint: hash.describe('covers all that moves latency on the device but the model and the runtime'),
  flags: jsonObject.describe('what else moves the latency: `threads`, and options of the device'),
  before: jsonObject.describe(`state ${state} before the measurement`),
  after: jsonObject.describe('the same behind it'),
  doubts: latency.doubts,
  numerics: latency.numerics,
  inputs: z.array(fileTensor).describe('of the file; empty for one that nothing here can read'),
  outputs: z.array(fileTensor).describe('of the file, likewise'),
  load,
  sustained: sustained.nullable().describe('what `--sustained` asks for; `null` without it'),
})
export type DeviceBenchmarkAnswer = AnswerOf<typeof deviceBenchmarkAnswer>

const profileRow = z.strictObject({
  nodes: z.array(z.string()).describe("names of the file's tensors that the row is about; a delegate fuses layers into one row"),
  op: z.string().describe('what ran, as the runtime calls it'),
  latencyMs: milliseconds.describe('of all its calls in one inference, in ms'),
  calls: count.describe('in one inference'),
  unit: z.literal(['cpu', 'gpu', 'npu']).describe('where it ran'),
})

export const deviceProfileAnswer = z.strictObject({
  version,
  model: z.string().describe('MODEL or the file, as it was given'),
  device: latency.device,
  emulated: latency.emulated,
  runtime: latency.runtime,
  flags: jsonObject.describe('what else moves the latency: `threads`, and options of the device'),
  rows: z.array(profileRow).describe('in the order in which they ran; profiling slows a model down, so their sum is no latency'),
})
export type DeviceProfileAnswer = AnswerOf<typeof deviceProfileAnswer>

export const deviceCompareAnswer = z.strictObject({
  version,
  measurements: z
    .array(deviceBenchmarkAnswer.omit({ version: true, load: true, sustained: true }))
    .describe('of each model on each device, as `device benchmark` has them, without `load` and `sustained`'),
})
export type DeviceCompareAnswer = AnswerOf<typeof deviceCompareAnswer>

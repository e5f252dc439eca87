import { z } from 'zod'
import {
  type AnswerOf,
  count,
  fileTensor,
  hash,
  jsonObject,
  latency,
  metrics,
  milliseconds,
  operatorTime,
  precision,
  runtime,
} from '../../answers/index.js'
import { preprocessingSchema } from '../../bundle/index.js'
import type { Preprocessing } from '../../contracts/index.js'

const runsOfAll = z.strictObject({
  count: count.describe('timed runs of all processes'),
  minMs: milliseconds.describe('the fastest run'),
  p90Ms: milliseconds.nullable().describe('nine of ten runs took at most so long; `null` where a tool gives no runs'),
  p99Ms: milliseconds.nullable().describe('the same of 99 of 100'),
})

const measured = z.strictObject({
  device: latency.device,
  kind: z.literal(['host', 'phone', 'board']).optional().describe('of the device; absent where an earlier mnas wrote it'),
  details: jsonObject.optional().describe('what the device says of itself: its model, processor, system'),
  emulated: latency.emulated,
  fingerprint: hash.describe('of the device: two of the same take the same time'),
  runtime,
  flags: jsonObject.describe('what else moves the latency: `threads`, and options of the device'),
  latencyMs: milliseconds,
  spread: latency.spread,
  stable: z.boolean(),
  statistic: z.literal(['median', 'mean']),
  processes: count,
  runs: runsOfAll.optional().describe('absent where an earlier mnas wrote it'),
  doubts: latency.doubts,
  before: jsonObject.optional().describe('state of the device where known (load, frequency, temperature) before the measurement'),
  after: jsonObject.optional().describe('the same behind it'),
  measuredAt: z.iso.datetime(),
  postProcessing: operatorTime
    .optional()
    .describe('of a file that ends in an operator: such a latency holds for these very bytes alone'),
})

const judged = z.strictObject({
  metric: z.string().describe("the task's first one"),
  file: z.number().describe('of the file'),
  model: z.number().describe('of the model, on the same images'),
  data: hash.describe('fingerprint of the images and their answers'),
  split: z.string(),
  whole: z.boolean().describe('all images of the split were asked, none was left out'),
  runtime: z.strictObject({ name: z.string(), version: z.string() }).describe('what ran the file'),
  at: z.iso.datetime(),
})

/** `NAME.json` beside each model file that mnas writes: what is known of the file, for whoever has nothing else of it. */
export const fileFactsSchema = z.strictObject({
  version: z.literal(1),
  file: z.string().describe('its name, in the same folder'),
  format: z.string(),
  precision: precision.nullable(),
  sizeBytes: count,
  sha256: hash,
  structure: hash.describe('what a latency belongs to: the same for other weights'),
  graphHash: hash,
  recipe: jsonObject.nullable().describe('how the numbers of a quantised file were found; null: nothing was to choose'),
  inputs: z.array(fileTensor),
  outputs: z.array(fileTensor),
  preprocessing: preprocessingSchema
    .nullable()
    .describe('how a photo becomes the input of the file; `mean` and `std` are the file’s, perhaps not those of the model'),
  deployment: jsonObject
    .optional()
    .describe("how the file makes its answers, in the task's words; absent where a task says nothing of it"),
  labels: z.array(z.string()).nullable().describe('by class index; `null`: nobody has named the classes'),
  model: z.strictObject({
    name: z.string(),
    task: z.string(),
    inputSize: count.describe('side of the square input in pixels'),
    parameters: count,
    macs: count,
    randomWeights: z.boolean(),
  }),
  agreement: z
    .strictObject({
      verifiedOn: z.literal(['photos', 'synthetic']),
      images: count,
      metrics,
      judged: judged.optional().describe('how good the file is, where the truth of the images is known'),
    })
    .nullable()
    .describe('with the model, of these very bytes; null while nobody has compared them'),
  latencies: z.array(measured).describe('the last of each device, runtime and flags'),
  provenance: z.strictObject({
    mnas: z.string().describe('its version'),
    exporter: z.strictObject({ format: z.string(), version: z.string() }),
    writtenAt: z.iso.datetime(),
  }),
})
/** Of a file that ends in an operator behind its graph. */
export type OperatorTime = AnswerOf<typeof operatorTime>

/** Preprocessing with its triples, which a type that is readonly however deep makes lists of any length. */
export interface FileFacts extends Omit<AnswerOf<typeof fileFactsSchema>, 'preprocessing'> {
  readonly preprocessing: Preprocessing | null
}

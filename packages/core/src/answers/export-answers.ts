import { z } from 'zod'
import type { AnswerOf } from './answer-of.js'
import { macs, parameters } from './parts/costs.js'
import { hash } from './parts/hash.js'
import { latency } from './parts/latency.js'
import { metrics } from './parts/metrics.js'
import { count } from './parts/numbers.js'
import { version } from './parts/version.js'

const randomWeights = z.boolean().describe('the model has no trained weights: its answers mean nothing')

export const exportAnswer = z.strictObject({
  version,
  file: z.string().describe('what was written; for `tfjs` a folder'),
  format: z.string().describe('e.g. `tflite`'),
  sizeBytes: count.describe('of the file, or of all files of the folder'),
  sha256: hash.describe("of the file's or of the folder's whole content"),
  inputSize: count.describe('side of the square input in pixels'),
  parameters,
  macs,
  randomWeights,
})
export type ExportAnswer = AnswerOf<typeof exportAnswer>

export const deployAnswer = z.strictObject({
  version,
  file: z.string().describe('what was written'),
  sizeBytes: count.describe('of the file'),
  latencyMs: latency.latencyMs,
  spread: latency.spread,
  stable: latency.stable,
  runtime: latency.runtime,
  device: latency.device,
  emulated: latency.emulated,
  parameters,
  macs,
  randomWeights,
  verifiedOn: z
    .literal(['photos', 'synthetic', 'nothing'])
    .describe('what the file was compared on with the model; synthetic inputs check arithmetic, not what it says of photos'),
  images: count.describe('how many were compared'),
  agreement: metrics
    .nullable()
    .describe("how well the file says what the engine says, by the task's own measures; `null` when nothing was compared"),
})
export type DeployAnswer = AnswerOf<typeof deployAnswer>

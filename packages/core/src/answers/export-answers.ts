import { z } from 'zod'
import type { AnswerOf } from './answer-of.js'
import { macs, parameters } from './parts/costs.js'
import { hash } from './parts/hash.js'
import { jsonObject } from './parts/json-object.js'
import { metrics } from './parts/metrics.js'
import { count, fraction } from './parts/numbers.js'
import { precision } from './parts/precision.js'
import { latency } from './parts/timing/latency.js'
import { operatorTime } from './parts/timing/operator-time.js'
import { version } from './parts/version.js'

const format = z.string().describe('e.g. `tflite`')
const ofFile = precision.nullable().describe('how the file keeps its numbers; in its name where it is not `float32`')
const deployment = jsonObject
  .optional()
  .describe(
    "how the file makes its answers, in the task's words: the options of the command as they hold; absent where a task says nothing of it",
  )
const randomWeights = z.boolean().describe('the model has no trained weights: its answers mean nothing')

export const exportAnswer = z.strictObject({
  version,
  file: z.string().describe('what was written; for `tfjs` a folder'),
  format,
  precision: ofFile,
  sizeBytes: count.describe('of the file, or of all files of the folder'),
  sha256: hash.describe("of the file's or of the folder's whole content"),
  inputSize: count.describe('side of the square input in pixels'),
  parameters,
  macs,
  randomWeights,
  deployment,
})
export type ExportAnswer = AnswerOf<typeof exportAnswer>

const comparison = z.strictObject({
  distance: z
    .number()
    .describe("how far the file's answers are from the model's on the mean by the task's own measure; 0: the same"),
  sameAnswers: fraction
    .nullable()
    .describe('share of the images to which both give the same answer; `null` where a task has none such'),
  quality: z
    .strictObject({ engine: z.number().describe('of the model'), file: z.number().describe('of the file') })
    .nullable()
    .describe(
      'the first metric of the task, of the model and of the file, on the same images; `null` where the truth is not known',
    ),
})

const layerDistance = z
  .strictObject({
    node: z.string().describe('of the graph'),
    distance: z.number().describe('as `distance` of `comparison`, when this layer alone is in the precision'),
  })
  .meta({ id: 'LayerDistance', description: 'What one layer does to the answers of a file.' })

const deployedFile = z.strictObject({
  file: z.string().describe('what was written; beside it `FILE.json` keeps what is known of it'),
  format,
  precision: ofFile,
  sizeBytes: count.describe('of the file'),
  sha256: hash.describe('of its content'),
  latencyMs: latency.latencyMs,
  spread: latency.spread,
  stable: latency.stable,
  doubts: latency.doubts,
  numerics: latency.numerics,
  before: jsonObject.describe('state of the device where known (load, frequency, temperature) before the measurement'),
  after: jsonObject.describe('the same behind it'),
  runtime: latency.runtime,
  postProcessing: operatorTime.optional().describe('of a file that ends in an operator behind the graph'),
  agreement: metrics
    .nullable()
    .describe("how well the file says what the engine says, by the task's own measures; `null` when nothing was compared"),
  comparison: comparison.nullable().describe('the same in the numbers that every task has'),
  recipe: jsonObject
    .nullable()
    .describe(
      'how the numbers of a quantised file were found, e.g. `ranges`, `equalized`, `biasCorrected`, `compensated`, `images` that it was calibrated on; `null`: nothing was to choose',
    ),
  layers: z
    .array(layerDistance)
    .nullable()
    .describe(
      'where the file often answers otherwise than the model: the layers that do most to its answers; `null`: it was not asked',
    ),
})

export const deployAnswer = z.strictObject({
  version,
  device: latency.device,
  emulated: latency.emulated,
  parameters,
  macs,
  randomWeights,
  deployment,
  verifiedOn: z
    .literal(['photos', 'synthetic', 'nothing'])
    .describe('what the files were compared on with the model; synthetic inputs check arithmetic, not what it says of photos'),
  images: count.describe('how many were compared'),
  files: z.array(deployedFile).min(1).describe('of one model, side by side'),
})
export type DeployAnswer = AnswerOf<typeof deployAnswer>

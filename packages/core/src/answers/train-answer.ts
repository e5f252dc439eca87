import { z } from 'zod'
import type { AnswerOf } from './answer-of.js'
import { chart } from './parts/chart.js'
import { metrics } from './parts/metrics.js'
import { count } from './parts/numbers.js'
import { skippedFile } from './parts/skipped-file.js'
import { version } from './parts/version.js'

const epoch = z.strictObject({
  epoch: count.describe('epochs done, from 1'),
  step: count.describe('steps done since the beginning'),
  trainingLoss: z.number().describe("mean loss of the epoch's steps, as the recipe has it"),
  learningRate: z.number().describe("of the epoch's last step"),
  metrics: metrics.nullable().describe('on the held-out images; `null` for an epoch that was not evaluated'),
})

export const trainAnswer = z.strictObject({
  version,
  bundle: z.string().describe('folder of the trained model'),
  metrics: metrics.describe('of the best weights, on the validation images'),
  epochs: count.describe('of the training, those before an interruption too'),
  heldOut: metrics.describe('of the same weights on the held-out images, by which they were chosen'),
  history: z.array(epoch).describe('one entry an epoch'),
  charts: z
    .array(chart)
    .describe(
      "the pictures in the bundle's `charts/`: `training` and the task's; none when drawing failed, which a warning tells",
    ),
  skipped: z.array(skippedFile).describe('files of the data folder that could not be used'),
})
export type TrainAnswer = AnswerOf<typeof trainAnswer>

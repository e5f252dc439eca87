import { z } from 'zod'
import type { AnswerOf } from './answer-of.js'
import { chart } from './parts/chart.js'
import { metrics } from './parts/metrics.js'
import { count } from './parts/numbers.js'
import { skippedFile } from './parts/skipped-file.js'
import { version } from './parts/version.js'

export const evaluateAnswer = z.strictObject({
  version,
  bundle: z.string().describe('MODEL, as it was given'),
  split: z
    .literal(['all', 'train', 'heldOut', 'validation', 'test'])
    .describe(
      'of which images; without `--split`, `validation` where they have a folder of their own or the model was trained on this ' +
        'very data, else `all`',
    ),
  images: count.describe('how many were looked at'),
  trainedOn: count
    .nullable()
    .describe("how many of them the model was trained on, known by their bytes; `null` when the bundle's `local/` does not say"),
  metrics: metrics.describe('of the model on these images'),
  epochs: count.nullable().describe("of the training; `null` when the bundle's `local/` is not there"),
  charts: z.array(chart).describe('what `--charts` had drawn, else empty'),
  detections: z.string().optional().describe('with `--detections`: the file that was written'),
  skipped: z.array(skippedFile).describe('files of the data folder that could not be used'),
})
export type EvaluateAnswer = AnswerOf<typeof evaluateAnswer>

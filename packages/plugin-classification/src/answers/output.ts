import { type AnswerOf, fraction } from '@mnas/core/answers'
import { z } from 'zod'

const prediction = z.strictObject({
  label: z.string().describe('of a class'),
  probability: fraction.describe('as the model has it, 0–1'),
})

/** What describeOutput gives. */
export const output = z
  .strictObject({ predictions: z.array(prediction).describe('all labels, the likeliest first') })
  .describe('`output` of `mnas predict`.')
export type ClassificationOutput = AnswerOf<typeof output>

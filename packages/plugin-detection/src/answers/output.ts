import { type AnswerOf, fraction } from '@mnas/core/answers'
import { z } from 'zod'

const box = z
  .strictObject({
    x: z.number().min(0).describe('of the left side'),
    y: z.number().min(0).describe('of the upper side, downwards'),
    width: z.number().gt(0).describe('above 0'),
    height: z.number().gt(0).describe('above 0'),
  })
  .describe('in pixels of the photo as it is shown, within it')

const detection = z.strictObject({
  label: z.string().describe('of a class'),
  score: fraction.describe('as the model has it, from `--threshold` on (.3)'),
  box,
})

/** What describeOutput gives. */
export const output = z
  .strictObject({ detections: z.array(detection).describe('what was found, the best first, 100 at the most') })
  .describe('`output` of `mnas predict`.')
export type DetectionOutput = AnswerOf<typeof output>

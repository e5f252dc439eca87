import { type AnswerOf, metrics, milliseconds, version } from '@mnas/core/answers'
import { z } from 'zod'

export const detectionDemoAnswer = z
  .strictObject({
    version,
    folder: z.string().describe('of all that follows'),
    pictures: z.string().describe('folder of the pictures that were drawn, with their boxes'),
    model: z.string().describe('bundle of the detector'),
    drawing: z.string().describe('a picture that the detector has not seen, with what it found'),
    file: z.string().describe('the model file that was written and timed'),
    metrics: metrics.describe('of the detector on pictures that the training has not seen'),
    latencyMs: milliseconds.nullable().describe('of the file, in ms'),
    agreement: metrics.nullable().describe('as in `mnas deploy`'),
  })
  .describe('What the demo of detection made.')
export type DetectionDemoAnswer = AnswerOf<typeof detectionDemoAnswer>

import { type AnswerOf, count, metrics, milliseconds, version } from '@mnas/core/answers'
import { z } from 'zod'

export const demoAnswer = z.strictObject({
  version,
  folder: z.string().describe('of all that follows'),
  pictures: z.string().describe('folder of the pictures that were drawn'),
  run: z.string().describe("the search's folder"),
  model: z.string().describe('bundle of the best network, trained'),
  file: z.string().describe('the model file that was written and timed'),
  candidates: count.describe('on the front of the search'),
  metrics: metrics.describe('of the model on pictures that neither the search nor the training has seen'),
  latencyMs: milliseconds.nullable().describe('of the file, in ms'),
  agreement: metrics.nullable().describe('as in `mnas deploy`'),
})
export type DemoAnswer = AnswerOf<typeof demoAnswer>

import { z } from 'zod'
import type { AnswerOf } from './answer-of.js'
import { macs, parameters } from './parts/costs.js'
import { count } from './parts/numbers.js'
import { version } from './parts/version.js'

export const importAnswer = z.strictObject({
  version,
  bundle: z.string().describe('folder of the model that was made'),
  architecture: z.string().describe('its name; one that ends in `-variant` is a published one with other filters or repeats'),
  classes: count.describe('of the classes that the weights know'),
  parameters,
  macs,
  inputSize: count.describe('side of the square input in pixels'),
})
export type ImportAnswer = AnswerOf<typeof importAnswer>

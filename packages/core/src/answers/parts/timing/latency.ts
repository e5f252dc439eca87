import { z } from 'zod'
import { milliseconds } from '../numbers.js'
import { runtime } from '../runtime.js'

const numericCheck = z
  .strictObject({
    agrees: z.boolean().describe('they are the same but for rounding'),
    difference: z.number().min(0).describe("largest difference of two values, as a fraction of the range of this computer's"),
  })
  .meta({ id: 'NumericCheck', description: "A device's answers beside those of this computer, on the same inputs." })

/** Fields of every answer that tells a latency. */
export const latency = {
  latencyMs: milliseconds.describe("median of the processes' medians, in ms; of their means where a tool gives no medians"),
  spread: z.number().min(0).describe('(largest − smallest) / median of the same, 0 or more'),
  stable: z.boolean().describe('the spread is at most 0.05, and there are no doubts'),
  runtime: runtime.describe('what ran the file'),
  device: z.string().describe('where it was timed'),
  emulated: z.boolean().describe('a software device or a replay of recorded latencies, no hardware'),
  doubts: z
    .array(z.literal(['thermal', 'battery', 'drift']))
    .optional()
    .describe('what besides the spread makes it less than a fact: heat, a low battery, a known model that moved meanwhile'),
  numerics: numericCheck.optional().describe('where the device could be asked for its answers'),
}

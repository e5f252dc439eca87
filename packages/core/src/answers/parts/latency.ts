import { z } from 'zod'
import { fraction, milliseconds } from './numbers.js'
import { runtime } from './runtime.js'

/** Fields of every answer that tells a latency. */
export const latency = {
  latencyMs: milliseconds.describe("median of the processes' medians, in ms; of their means where a tool gives no medians"),
  spread: fraction.describe('(largest − smallest) / median of the same, 0–1'),
  stable: z.boolean().describe('the spread is at most 0.05'),
  runtime: runtime.describe('what ran the file'),
  device: z.string().describe('where it was timed'),
  emulated: z.boolean().describe('a software device or a replay of recorded latencies, no hardware'),
}

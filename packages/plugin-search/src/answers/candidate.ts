import { type AnswerOf, architecture, count, fraction, latency, macs, parameters } from '@mnas/core/answers'
import { z } from 'zod'

/** The first 12 digits of the hash of an architecture. */
export const id = z.string().regex(/^[0-9a-f]{12}$/)
export const reward = z.number().describe("what the objective gives for accuracy and latency; the strategy's only guide")

export const candidate = z
  .strictObject({
    id: id.describe('the first 12 digits of the hash of its architecture'),
    trial: count.describe('in which it was trained'),
    architecture: architecture.describe('of the deployed network, to be trained by `mnas train`'),
    accuracy: fraction.describe("the task's first metric on the held-out images after the proxy training, 0–1"),
    latencyMs: latency.latencyMs,
    spread: latency.spread,
    stable: latency.stable,
    parameters,
    macs,
    reward,
  })
  .meta({ id: 'Candidate', description: 'A network of a search that was trained and timed.' })
export type Candidate = AnswerOf<typeof candidate>

/** Those of which no other is both faster and more accurate. */
export const front = z
  .array(candidate)
  .describe('the front, from fast to accurate: no other one is both faster and more accurate')

import {
  type AnswerOf,
  architecture,
  count,
  fraction,
  latency,
  macs,
  milliseconds,
  parameters,
  peakMemoryBytes,
  precision,
} from '@mnas/core/answers'
import { z } from 'zod'

/** The first 12 digits of the hash of an architecture. */
export const id = z.string().regex(/^[0-9a-f]{12}$/)
export const reward = z.number().describe("what the objective gives for accuracy and latency; the strategy's only guide")

export const sizeBytes = count.nullable().describe('of the file that is deployed, in bytes; `null` until it is known')

export const quantized = z
  .strictObject({
    precision: precision.describe('of the files that the search times'),
    accuracy: fraction.describe('of the file, on the held-out images: what its `reward` counts'),
    sameAnswers: fraction.nullable().describe('share of them to which file and network give the same answer'),
    distance: z.number().min(0).describe("how far their answers are apart on the mean, by the task's own measure"),
    images: count.describe('how many were compared'),
  })
  .meta({ id: 'QuantizedCandidate', description: 'What a candidate is worth as the quantised file that it will be.' })

export const candidate = z
  .strictObject({
    id: id.describe('the first 12 digits of the hash of its architecture'),
    trial: count.describe('in which it was trained'),
    architecture: architecture.describe('of the deployed network, to be trained by `mnas train`'),
    accuracy: fraction.describe("the task's first metric on the held-out images after the proxy training, 0–1"),
    quantized: quantized.nullable().describe('the same of the file that `--quantize` asks for; `null` without it'),
    again: z
      .strictObject({
        accuracy: fraction.describe('as above, after the second training'),
        quantized: quantized.nullable().describe('as above, of the second training'),
        mean: fraction.describe('of `accuracy` in both trainings'),
        meanReward: reward.describe(
          'of both trainings: the winner has the highest; where a file was looked at in one of them alone (`quantized`), of that one',
        ),
      })
      .optional()
      .describe('the same network trained from another seed, which no strategy hears of; absent where it was not'),
    latencyMs: latency.latencyMs,
    totalMs: latency.latencyMs
      .optional()
      .describe('the same with what runs behind the network, in ms: what a target is for; only where that was timed'),
    spread: latency.spread,
    stable: latency.stable,
    parameters,
    macs,
    sizeBytes,
    peakMemoryBytes,
    reward,
  })
  .meta({ id: 'Candidate', description: 'A network of a search that was trained and timed.' })
export type Candidate = AnswerOf<typeof candidate>

export const finalists = z
  .array(candidate)
  .describe('those that were trained again before one was called the winner, in the order of the strategy; empty: none')

/** Those of which no other is both faster and more accurate. */
export const front = z
  .array(candidate)
  .describe('the front, from fast to accurate: no other one is both faster and more accurate')

export const postProcessing = z
  .strictObject({
    operator: z.string().describe('as runtimes call it'),
    on: z.string().describe('what it was timed on: its time depends on that'),
    latencyMs: latency.latencyMs
      .nullable()
      .describe('in ms, the same for every candidate; `null` where it could not be timed and is left out'),
    stable: latency.stable,
  })
  .optional()
  .describe(
    'the operator behind each network, for tasks that have one; `latencyMs` of candidates is without it, `totalMs` with it',
  )

export const range = z
  .strictObject({
    leastMs: milliseconds.describe('in ms: the shortest latency that is asked for, with what runs behind the network'),
    mostMs: milliseconds.describe('in ms: the longest; what is slower is not trained'),
    hypervolume: fraction.describe(
      'share of the rectangle between these latencies and accuracies 0 and 1 that the front dominates, from the reference point ' +
        '(accuracy 0 at `mostMs`): the best accuracy within a target, on the mean over all targets of the range',
    ),
  })
  .optional()
  .describe('of a search for a front (`--objective front`); absent where one network is searched')
export type Range = NonNullable<AnswerOf<typeof range>>

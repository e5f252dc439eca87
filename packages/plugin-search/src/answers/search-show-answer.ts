import {
  type AnswerOf,
  count,
  fraction,
  jsonObject,
  milliseconds,
  parameters,
  peakMemoryBytes,
  seconds,
  version,
} from '@mnas/core/answers'
import { z } from 'zod'
import { finalists, front, id, postProcessing, quantized, range, reward, sizeBytes } from './parts/candidate.js'
import { latencyAccuracy } from './parts/latency-accuracy.js'
import { lease } from './parts/lease.js'
import { trialCounts } from './parts/trial-counts.js'

const trialLine = z.strictObject({
  trial: count.describe('counts from 1'),
  id: id.describe('of the candidate'),
  status: z
    .literal(['pending', 'paused', 'completed', 'stopped', 'infeasible', 'failed', 'lost', 'transferred'])
    .describe('`infeasible`: rejected, since it is too slow or beyond a limit; the others as in `counts`'),
  latencyMs: milliseconds.describe('as well as it is known, in ms'),
  parameters,
  sizeBytes: sizeBytes.describe('as in `candidates`; predicted while the latency is estimated'),
  peakMemoryBytes,
  latencySource: z
    .literal(['estimated', 'quick', 'measured'])
    .describe('by the latency model, by one short process, or by a full measurement'),
  accuracy: fraction.nullable().describe('as in `candidates`; `null` for a trial that was not trained'),
  quantized: quantized
    .nullable()
    .describe('as in `candidates`; `null` too for a trial that was beaten without it: only what comes onto the front is asked'),
  reward: reward.nullable().describe('as in `candidates`; `null` for a trial that was not trained to the end'),
  hypervolume: fraction
    .optional()
    .describe('of a search for a front: as in `range`, of the trials up to this one; of those that were trained to the end'),
  rung: count.optional().describe('of its last training, from 1; only with `--rungs`, of trials that were trained'),
  error: z.string().nullable().describe('code and message of a trial that failed or was lost'),
})
export type TrialLine = AnswerOf<typeof trialLine>

const trialLease = lease
  .extend({ trial: count.describe('as in `trials`') })
  .meta({ id: 'TrialLease', description: 'A lease, and of what.' })

export const searchShowAnswer = z.strictObject({
  version,
  run: z.string().describe("the run's folder, as it was given"),
  settings: jsonObject.describe('what the run began with'),
  counts: trialCounts,
  activeSeconds: seconds.describe('working time over all sessions, in s'),
  latencyModel: latencyAccuracy
    .nullable()
    .describe('each network foretold by what was learned of the others; `null` before the first trial'),
  best: id.nullable().describe('`id` of the winner, as in `mnas search`; `null` until one is trained'),
  finalists,
  postProcessing,
  range,
  candidates: front,
  leases: z
    .array(trialLease)
    .optional()
    .describe('of a run that is asked: who has which trial, also those that are over while nobody else was given it'),
  trials: z.array(trialLine).describe('in the order of asking, the rejected ones included'),
})
export type SearchShowAnswer = AnswerOf<typeof searchShowAnswer>

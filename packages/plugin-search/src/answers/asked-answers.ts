import {
  type AnswerOf,
  architecture,
  archShowAnswer,
  count,
  fraction,
  latency,
  macs,
  milliseconds,
  parameters,
  peakMemoryBytes,
  version,
} from '@mnas/core/answers'
import { z } from 'zod'
import { id, postProcessing, reward } from './parts/candidate.js'
import { lease } from './parts/lease.js'
import { trialCounts } from './parts/trial-counts.js'

const run = z.string().describe("the run's folder, as it was given")
const width = z.number().positive().describe("width multiplier of the space's skeleton")
const targetMs = milliseconds.describe(
  "in ms; without `--target-latency` the latency of the space's reference network, MnasNet-A1",
)

export const searchNewAnswer = z
  .strictObject({
    version,
    run,
    width,
    targetMs,
    metric: z.string().describe('what `mnas search tell --metric` has to name'),
    measured: count.describe('networks that were timed before the first trial'),
    postProcessing,
  })
  .describe('A run that waits to be asked.')
export type SearchNewAnswer = AnswerOf<typeof searchNewAnswer>

const given = z
  .strictObject({
    trial: count.describe('what `mnas search tell --trial` takes'),
    id: id.describe('of the candidate: the first 12 digits of the hash of its architecture'),
    rung: count
      .optional()
      .describe(
        'at which it is to be trained, from 1, each from the weights of the one before; what `--rung` takes; only with `--rungs`',
      ),
    lease: lease.describe('for how long it is whose that asked'),
    architecture: architecture.describe('of the network to train, as a file that MODEL may be'),
    blocks: archShowAnswer.shape.blocks,
    latencyMs: latency.latencyMs,
    totalMs: latency.latencyMs
      .optional()
      .describe('the same with what runs behind the network, in ms; only where that was timed'),
    spread: latency.spread,
    stable: latency.stable,
    parameters,
    macs,
    peakMemoryBytes,
    sizeBytes: count.describe('of the file that was timed'),
  })
  .meta({ id: 'GivenTrial', description: 'A network to train, which was timed and is within the goal.' })
export type GivenTrial = AnswerOf<typeof given>

export const searchAskAnswer = z.strictObject({
  version,
  run,
  width,
  targetMs,
  postProcessing,
  trials: z
    .array(given)
    .describe(
      'at most `-n`; none when nothing new is fast enough, or, with `--rungs`, nothing is to be trained until more is told',
    ),
})
export type SearchAskAnswer = AnswerOf<typeof searchAskAnswer>

export const searchRenewAnswer = z.strictObject({
  version,
  run,
  trial: count.describe('that the lease is of'),
  lease: lease.describe('as it is now'),
})
export type SearchRenewAnswer = AnswerOf<typeof searchRenewAnswer>

export const searchTellAnswer = z.strictObject({
  version,
  run,
  trial: count.describe('as `--trial` said'),
  id: id.describe('of the candidate'),
  status: z
    .literal(['completed', 'paused', 'failed', 'lost'])
    .describe('as it was told, now or before; `paused`: trained at a rung that is not the last; `lost`: it is given to another'),
  accuracy: fraction.nullable().describe('what is learned of it; `null` for a trial that was not trained to the end'),
  reward: reward.nullable().describe('`null` for a trial that was not trained to the end'),
  known: z.boolean().describe('the same was told before: nothing was changed'),
  late: z
    .boolean()
    .describe(
      'the lease was over, or, without `--lease`, may have been; another may have been given the trial, who will be refused',
    ),
  best: id
    .nullable()
    .describe('`id` of the candidate with the highest reward, which `mnas train` takes; `null`: none is trained'),
  counts: trialCounts,
})
export type SearchTellAnswer = AnswerOf<typeof searchTellAnswer>

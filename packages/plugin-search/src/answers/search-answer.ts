import { type AnswerOf, milliseconds, version } from '@mnas/core/answers'
import { z } from 'zod'
import { finalists, front, id, postProcessing, range } from './parts/candidate.js'
import { trialCounts } from './parts/trial-counts.js'

export const searchAnswer = z.strictObject({
  version,
  run: z.string().describe("the run's folder"),
  reason: z
    .literal(['trials', 'time', 'exhausted'])
    .describe('why it ended: `--trials`, `--time`, or nothing new was found that is fast enough'),
  width: z.number().positive().describe("width multiplier of the space's skeleton"),
  targetMs: milliseconds.describe("in ms; without `--target-latency` the latency of the space's reference network, MnasNet-A1"),
  counts: trialCounts,
  best: id.describe(
    '`id` of the winner, which `mnas train` takes: the highest mean reward of `finalists`, or the highest reward where there are none; ' +
      'of a front the most accurate, and `mnas train` asks',
  ),
  pick: id.nullable().describe('`id` of the candidate that the strategy believes to be the best; `null` where it has no opinion'),
  finalists,
  postProcessing,
  range,
  candidates: front,
})
export type SearchAnswer = AnswerOf<typeof searchAnswer>

import { type AnswerOf, count, fraction, milliseconds, seconds, version } from '@mnas/core/answers'
import { z } from 'zod'
import { trialCounts } from './parts/trial-counts.js'

export const searchWatchAnswer = z.strictObject({
  version,
  run: z.string().describe("the run's folder, as it was given"),
  end: z
    .literal(['stopped', 'killed'])
    .describe('`stopped`: its search has ended or was interrupted; `killed`: nobody works on it, and nobody said why'),
  counts: trialCounts,
  trials: count.nullable().describe('how many the last session was to reach (`--trials`); `null` where that was not said'),
  best: z
    .strictObject({
      accuracy: fraction.describe('as in `candidates` of `search show`; of the quantised file, where that was looked at'),
      latencyMs: milliseconds.describe('in ms, with what runs behind the network'),
    })
    .nullable()
    .describe('the candidate with the highest reward; `null` until one is trained'),
  front: count.describe('candidates on the front'),
  hypervolume: fraction.nullable().describe('of a search for a front, as in `range` of `search show`; `null` for one network'),
  latencyError: z
    .number()
    .min(0)
    .nullable()
    .describe('mean error of the latency model, as in `search show`, as a share; `null` before the first fit'),
  activeSeconds: seconds.describe('working time over all sessions, in s'),
})
export type SearchWatchAnswer = AnswerOf<typeof searchWatchAnswer>

import { type AnswerOf, count } from '@mnas/core/answers'
import { z } from 'zod'

export const trialCounts = z
  .strictObject({
    completed: count.describe('trained to the end'),
    stopped: count.describe('ended before their training was over'),
    failed: count.describe('ended by an error'),
    lost: count.describe('whose device or process vanished again and again'),
    transferred: count.optional().describe('trained by the run of `--from`, and none of `--trials`; only where there are any'),
    paused: count.optional().describe('trained at a rung and waiting to go on; only with `--rungs`'),
    rejected: count.describe('too slow or beyond a limit, never trained'),
    pending: count.describe('still under way, or waiting for the next session'),
  })
  .meta({ id: 'TrialCounts', description: 'Trials by how they ended.' })
export type TrialCounts = AnswerOf<typeof trialCounts>

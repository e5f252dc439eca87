import type { TrialOutcome } from '@mnas/core/contracts'
import type { TrialCounts } from '../answers/trial-counts.js'

/** Under which name a status is counted. */
export function countedAs(status: TrialOutcome['status'] | 'pending'): keyof TrialCounts {
  return status === 'infeasible' ? 'rejected' : status
}

/** What `--trials` counts: candidates that were sent on to training or failed on the way, not those that were not worth it. */
export function countedTrials({ completed, stopped, failed, lost }: TrialCounts): number {
  return completed + stopped + failed + lost
}

import type { TrialCounts } from '../answers/trial-counts.js'
import type { TrialStatus } from './records.js'

/** Under which name a status is counted; no status is a pending trial. */
export function countedAs(status: TrialStatus | null): keyof TrialCounts {
  if (status === null) return 'pending'
  return status === 'infeasible' ? 'rejected' : status
}

/** What `--trials` counts: candidates that were sent on to training or failed on the way, not those that were not worth it. */
export function countedTrials({ completed, stopped, failed, lost }: TrialCounts): number {
  return completed + stopped + failed + lost
}

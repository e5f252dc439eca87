import type { TrialCounts } from '../answers/parts/trial-counts.js'
import type { TrialStatus } from './records.js'

/** Under which name a status is counted. */
export function countedAs(status: TrialStatus | 'pending'): keyof TrialCounts {
  return status === 'infeasible' ? 'rejected' : status
}

/** What `--trials` counts: candidates that were sent on to training or failed on the way, not those that were not worth it. */
export function countedTrials({ completed, stopped, failed, lost, paused = 0 }: TrialCounts): number {
  return completed + stopped + failed + lost + paused
}

/** All that were asked for, told of or turned down, ended or not. */
export function allTrials(counts: TrialCounts): number {
  return Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0)
}

import type { SessionBudget } from '../run/records.js'

/**
 * How long a search goes on, if its trials go on as they went: to the last of them or to the end of its time, whichever comes first.
 * @param counted trials that count so far
 * @param activeMs that were worked so far, the measurements before the first trial among them
 * @returns null when nothing bounds it, or no trial has shown how long one takes
 */
export function remainingSeconds({ trials, timeMs }: SessionBudget, counted: number, activeMs: number): number | null {
  const byTime = timeMs === null ? Number.POSITIVE_INFINITY : timeMs - activeMs
  const byTrials = trials === null || counted === 0 ? Number.POSITIVE_INFINITY : (activeMs / counted) * (trials - counted)
  const least = Math.min(byTime, byTrials)
  return Number.isFinite(least) ? Math.max(0, least) / 1000 : null
}

import type { TimedTwice } from '../run/records.js'
import { quantileOf } from './quantile-of.js'

/** Of a device that nothing is known of: one process may be off by a sixth. */
const mostError = 1 / 6
const fewest = 4
const within = 0.9

/**
 * Share by which a full measurement may come out below a quick run: what nine of ten kept that were timed both ways, so that a
 * steady device needs few full measurements of networks that turn out too slow.
 * @param pairs of the same device
 */
export function quickRunError(pairs: readonly TimedTwice[]): number {
  if (pairs.length < fewest) return mostError
  const overestimates = pairs.map(({ quickMs, fullMs }) => 1 - fullMs / quickMs)
  return Math.min(mostError, Math.max(0, quantileOf(overestimates, within)))
}

import type { LatencyMeasurement } from '@mnas/core/contracts'
import type { TimedTwice } from '../run/records.js'
import { quantileOf } from './quantile-of.js'

/** Of a device that nothing is known of: one process may be off by a sixth. */
const mostError = 1 / 6
const fewest = 4
/** The more of them are kept, the more networks are measured in full that turn out too slow. */
const within = 0.75
/** Processes of one measurement follow each other: they agree better than a quick run does with what is measured later. */
const besides = 0.02

/**
 * Share by which a full measurement may come out below a quick run: what three of four kept that were timed both ways; until there
 * are some, what single processes of the first full measurements would have said. So a steady device measures few networks in
 * full that turn out too slow.
 * @param pairs of the same device
 * @param first gives full measurements of before the first trial
 */
export function quickRunError(pairs: readonly TimedTwice[], first: () => readonly LatencyMeasurement[]): number {
  if (pairs.length >= fewest) return errorOf(pairs)
  const single = first().flatMap(({ processes, latencyMs }) =>
    processes.length > 1 ? processes.map(({ medianMs, meanMs }) => ({ quickMs: medianMs ?? meanMs, fullMs: latencyMs })) : [],
  )
  return single.length >= fewest ? Math.min(mostError, errorOf(single) + besides) : mostError
}

function errorOf(pairs: readonly TimedTwice[]): number {
  const overestimates = pairs.map(({ quickMs, fullMs }) => 1 - fullMs / quickMs)
  return Math.min(mostError, Math.max(0, quantileOf(overestimates, within)))
}

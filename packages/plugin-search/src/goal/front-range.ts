import type { SearchSpace } from '@mnas/core/contracts'
import type { KnownFacts } from '../facts/known-facts.js'
import type { LatencyRange } from '../hypervolume.js'
import { recordedRange } from '../run/recorded-range.js'
import { randomGenomes } from '../space/random-genomes.js'
import { addedMsOf, type Proposing } from '../start/search.js'

const sampled = 1000
/** The fastest and the slowest tenth are left out. */
const leftOut = 0.1

/**
 * Between which latencies the front is wanted: as stated, else from the 10th to the 90th percentile of the estimates of 1,000
 * random networks. Recorded once: later estimates may differ.
 */
export function frontRange(search: Proposing, space: SearchSpace, facts: KnownFacts): LatencyRange {
  const { store, goal } = search
  const recorded = recordedRange(store)
  if (recorded) return recorded
  const addedMs = addedMsOf(search)
  const estimates = () =>
    randomGenomes(space, sampled, goal.seed, 'range')
      .map((genome) => facts.estimated(genome).latency.latencyMs + addedMs)
      .sort((a, b) => a - b)
  const [leastMs, mostMs] = goal.rangeMs ?? middleOf(estimates())
  store.addEvent({ kind: 'range', trial: null, leastMs, mostMs })
  return [leastMs, mostMs]
}

/** @param sorted not empty */
function middleOf(sorted: readonly number[]): LatencyRange {
  const least = Math.floor(leftOut * sorted.length)
  return [sorted[least]!, sorted[sorted.length - 1 - least]!]
}

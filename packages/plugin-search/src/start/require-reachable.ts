import type { Genome, SearchSpace } from '@mnas/core/contracts'
import { costsOf, lower } from '@mnas/core/graph'
import { searchErrors } from '../errors.js'
import type { Timed } from '../facts/known-facts.js'
import { exceeded } from '../objectives/within-limits.js'
import { randomGenomes } from '../space/random-genomes.js'
import { addedMsOf, type Proposing } from './search.js'

interface Smallest {
  readonly width: number
  readonly space: SearchSpace
  readonly genome: Genome
}

/** @throws MNAS_SEARCH_TARGET_UNREACHABLE, MNAS_SEARCH_LIMIT_UNREACHABLE when even the smallest network is not within the goal */
export function requireReachable(search: Proposing, smallest: Smallest, timed: Timed): void {
  const { goal, task } = search
  const { width, space, genome } = smallest
  const costs = costsOf(lower(space.decode(genome), task))
  const about = { width, size: goal.size, device: goal.device, widths: goal.width !== 'auto' }
  const addedMs = addedMsOf(search)
  const smallestMs = timed.latency.latencyMs + addedMs
  const mostMs = goal.targetMs ?? goal.rangeMs?.[1] ?? null
  if (mostMs !== null && smallestMs > mostMs) {
    const growth = commonGrowth(space, costs.macs, (other) => costsOf(lower(space.decode(other), task)).macs)
    const tryMs = roundUp(timed.latency.latencyMs * growth + addedMs)
    const flag = goal.rangeMs ? '--latency-range up to' : '--target-latency'
    throw searchErrors.MNAS_SEARCH_TARGET_UNREACHABLE({ ...about, targetMs: mostMs, smallestMs, tryMs, flag })
  }
  const excess = exceeded(goal.limits, { ...timed, costs })
  if (excess) throw searchErrors.MNAS_SEARCH_LIMIT_UNREACHABLE({ ...about, ...excess })
}

const sampled = 32
/** Of the networks of the space, the share that should be fast enough. */
const passing = 0.1

/**
 * How many times the smallest network's work the least tenth of the space does at most. Time grows less than work does, since
 * every operator has its own cost of being started; so a target that much longer lets a tenth of the networks pass, or more.
 */
function commonGrowth(space: SearchSpace, smallestMacs: number, macsOf: (genome: Genome) => number): number {
  const macs = randomGenomes(space, sampled, 0, 'target').map(macsOf)
  return Math.max(1.5, macs.sort((a, b) => a - b)[Math.floor(passing * sampled)]! / smallestMacs)
}

/** To two digits, never down: what is proposed must do. */
function roundUp(ms: number): number {
  const unit = 10 ** (Math.floor(Math.log10(ms)) - 1)
  return Number((Math.ceil(ms / unit) * unit).toPrecision(2))
}

import type { Genome, History } from '@mnas/core/contracts'
import { keyOf } from '../../genome-key.js'

/** A trained network. */
export interface Observation {
  /** Canonical. */
  readonly genome: Genome
  /** Its features. */
  readonly x: Float64Array
  /** The metric that is learned. */
  readonly y: number
}

/** Beyond so many a fit takes too long (n³): of them the latest stay and, of those before, the most useful. */
const mostRows = 300
const latestRows = 150
const usefulRows = 100

/** The trained networks of a history that the model learns from, at most 300. They follow from the history alone. */
export interface Observations {
  readonly all: readonly Observation[]
  /** Takes in what was told since the last call. */
  grow(): void
}

/**
 * @param metric a metric that is missing counts as 0, as in the objectives
 * @param useful one number for each observation: the least useful go first
 */
export function observations(
  history: History,
  metric: string,
  featuresOf: (genome: Genome) => Float64Array,
  useful: (all: readonly Observation[]) => readonly number[],
): Observations {
  let all: Observation[] = []
  let known = new Set<string>()
  let read = 0
  const prune = () => {
    const older = all.slice(0, -latestRows)
    const worth = useful(all)
    const best = older.map((_, index) => index).sort((a, b) => worth[b]! - worth[a]!)
    const kept = new Set(best.slice(0, usefulRows))
    // In the order of the history still, so that a resumed search adds up in the same order.
    all = [...older.filter((_, index) => kept.has(index)), ...all.slice(-latestRows)]
    known = new Set(all.map(({ genome }) => keyOf(genome)))
  }
  return {
    get all() {
      return all
    },
    grow() {
      for (const outcome of history.outcomes(read)) {
        read++
        // A network that is told again was not trained again.
        if (outcome.status !== 'completed' || known.has(keyOf(outcome.genome))) continue
        const { genome, estimate } = outcome
        const y = estimate.metrics[metric]
        known.add(keyOf(genome))
        all.push({ genome, x: featuresOf(genome), y: y !== undefined && Number.isFinite(y) ? y : 0 })
        if (all.length > mostRows) prune()
      }
    },
  }
}

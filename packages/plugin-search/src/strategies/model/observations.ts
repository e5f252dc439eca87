import type { Genome, History, TrialOutcome } from '@mnas/core/contracts'
import { keyOf } from '../../genome-key.js'

/** A trained network. */
export interface Observation {
  /** Whether this search asked for it. */
  readonly asked: boolean
  /** In the history. */
  readonly position: number
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
/** As many as stay when some go. */
export const mostKept = latestRows + usefulRows

/** What makes observations again without reading all outcomes: the networks that stayed when some went last, and what was read then. */
export interface Kept {
  /** Positions in the history, ascending; at most mostKept. */
  readonly positions: readonly number[]
  /** Outcomes read by then; 0: none went so far, and all outcomes are read again. */
  readonly read: number
}
export const nothingKept: Kept = { positions: [], read: 0 }

/** The trained networks of a history that the model learns from, at most 300. */
export interface Observations {
  readonly all: readonly Observation[]
  /** As of the last time that some went. */
  readonly kept: Kept
  /** Takes in what was told since the last call. */
  grow(): void
}

/**
 * @param metric a metric that is missing counts as 0, as in the objectives
 * @param useful one number for each observation: the least useful go first. From them alone, so that it says the same of them again
 * @param from where an earlier search of the same history was
 */
export function observations(
  history: History,
  metric: string,
  featuresOf: (genome: Genome) => Float64Array,
  useful: (all: readonly Observation[]) => readonly number[],
  from: Kept = nothingKept,
): Observations {
  const observe = (position: number, { genome, proposal, estimate }: Completed): Observation => {
    const y = estimate.metrics[metric]
    return { asked: proposal !== null, position, genome, x: featuresOf(genome), y: y !== undefined && Number.isFinite(y) ? y : 0 }
  }
  let kept = from
  let all: Observation[] = [...completedAt(history, from.positions)].map(([position, outcome]) => observe(position, outcome))
  const keysOf = () => new Set(all.map(({ genome }) => keyOf(genome)))
  let known = keysOf()
  let { read } = from
  const prune = () => {
    const older = all.slice(0, -latestRows)
    const worth = useful(all)
    const best = older.map((_, index) => index).sort((a, b) => worth[b]! - worth[a]!)
    const stay = new Set(best.slice(0, usefulRows))
    // In the order of the history still, so that a resumed search adds up in the same order.
    all = [...older.filter((_, index) => stay.has(index)), ...all.slice(-latestRows)]
    known = keysOf()
    kept = { positions: all.map(({ position }) => position), read }
  }
  return {
    get all() {
      return all
    },
    get kept() {
      return kept
    },
    grow() {
      for (const outcome of history.outcomes(read)) {
        const position = read++
        // A network that is told again was not trained again.
        if (outcome.status !== 'completed' || known.has(keyOf(outcome.genome))) continue
        known.add(keyOf(outcome.genome))
        all.push(observe(position, outcome))
        if (all.length > mostRows) prune()
      }
    },
  }
}

type Completed = Extract<TrialOutcome, { readonly status: 'completed' }>

function* completedAt(history: History, positions: readonly number[]): Generator<readonly [number, Completed]> {
  for (const position of positions)
    for (const outcome of history.outcomes(position)) {
      if (outcome.status === 'completed') yield [position, outcome]
      break
    }
}

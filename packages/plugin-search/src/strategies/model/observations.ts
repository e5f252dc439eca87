import type { Facts, Genome, History, TrialOutcome } from '@mnas/core/contracts'
import { keyOf } from '../../genome-key.js'
import { levelRungs } from './level-rungs.js'

/** A trained network. */
export interface Observation {
  /** Whether this search asked for it. */
  readonly asked: boolean
  /** Canonical. */
  readonly genome: Genome
  /** Its features. */
  readonly x: Float64Array
  /** As it was trained; null: another search has trained it, and here it may be timed yet. */
  readonly facts: Facts | null
  /** The metric that is learned; of a network that has not come to the top rung as if it had. */
  readonly y: number
}

/** Beyond so many a fit takes too long (n³): of them the latest stay and, of those before, the most useful. */
const mostRows = 300
const latestRows = 150
const usefulRows = 100
/** What is remembered of one network: the outcomes of its highest rungs. */
const mostOutcomes = 2
/** As many positions as stay when some networks go. */
export const mostKept = mostOutcomes * (latestRows + usefulRows)

/** What makes observations again without reading all outcomes: the networks that stayed when some went last, and what was read then. */
export interface Kept {
  /** Positions in the history, row by row in the order of the rows; at most mostKept. */
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

/** What was found of a network, in the order in which it was told. */
interface Found extends Omit<Observation, 'y'> {
  readonly outcomes: readonly { readonly position: number; readonly rung: number; readonly y: number }[]
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
  let kept = from
  // In the order in which they were first told of, so that a resumed search adds up in the same order.
  let found = new Map<string, Found>()
  const take = (position: number, { genome, proposal, facts, rung = topRung, estimate }: Trained): void => {
    const key = keyOf(genome)
    const before = found.get(key)
    const { outcomes } = before ?? { outcomes: [] }
    // A network that is told again was not trained again.
    if (outcomes.some((one) => one.rung >= rung)) return
    const value = estimate.metrics[metric]
    const y = value !== undefined && Number.isFinite(value) ? value : 0
    const asked = proposal !== null
    const first = before ?? { asked, genome, x: featuresOf(genome), facts: asked ? facts : null }
    found.set(key, { ...first, outcomes: [...outcomes, { position, rung, y }].slice(-mostOutcomes) })
  }
  for (const [position, outcome] of trainedAt(history, from.positions)) take(position, outcome)
  let { read } = from
  let all = levelled([...found.values()])
  const prune = () => {
    const rows = [...found]
    const older = rows.slice(0, -latestRows)
    const worth = useful(levelled([...found.values()]))
    const best = older.map((_, index) => index).sort((a, b) => worth[b]! - worth[a]!)
    const stay = new Set(best.slice(0, usefulRows))
    found = new Map([...older.filter((_, index) => stay.has(index)), ...rows.slice(-latestRows)])
    const positions = [...found.values()].flatMap(({ outcomes }) => outcomes.map(({ position }) => position))
    // Not sorted: a row may have lost its earliest outcomes, and would come to stand behind others.
    kept = { positions, read }
  }
  return {
    get all() {
      return all
    },
    get kept() {
      return kept
    },
    grow() {
      const before = read
      for (const outcome of history.outcomes(read)) {
        const position = read++
        if (outcome.status !== 'completed' && outcome.status !== 'paused') continue
        take(position, outcome)
        if (found.size > mostRows) prune()
      }
      if (read > before) all = levelled([...found.values()])
    },
  }
}

/** Of a network that was trained at once as long as the top rung's are. */
const topRung = 0

function levelled(found: readonly Found[]): readonly Observation[] {
  const climbs = found.map(({ outcomes }) => ({ rungs: new Map(outcomes.map(({ rung, y }) => [rung, y])) }))
  const ys = levelRungs(climbs)
  return found.map(({ outcomes: _, ...network }, index) => ({ ...network, y: ys[index]! }))
}

type Trained = Extract<TrialOutcome, { readonly status: 'completed' | 'paused' }>

function* trainedAt(history: History, positions: readonly number[]): Generator<readonly [number, Trained]> {
  for (const position of positions)
    for (const outcome of history.outcomes(position)) {
      if (outcome.status === 'completed' || outcome.status === 'paused') yield [position, outcome]
      break
    }
}

import type { Genome, History, SearchSpace, TrialOutcome } from '../../../contracts/index.js'

/** A history without a run, for tests of strategies: what a search would record is recorded by hand. */
export interface MemoryHistory extends History {
  /** After each ask. */
  recordAsked(genomes: readonly Genome[]): void
  /** After each tell. */
  recordTold(outcomes: readonly TrialOutcome[]): void
  /** Another one that goes on from here. */
  copy(): MemoryHistory
}

export function memoryHistory(space: SearchSpace): MemoryHistory {
  return createHistory(space, [], new Set())
}

function createHistory(space: SearchSpace, told: TrialOutcome[], asked: Set<string>): MemoryHistory {
  const keyOf = (genome: Genome) => space.canonical(genome).join('.')
  const outcomeByKey = new Map(
    told.filter(({ status }) => status !== 'paused').map((outcome) => [keyOf(outcome.genome), outcome]),
  )
  return {
    get length() {
      return told.length
    },
    *outcomes(from = 0) {
      for (let position = from; position < told.length; position++) yield told[position]!
    },
    outcomeOf: (genome) => outcomeByKey.get(keyOf(genome)) ?? null,
    asked: (genome) => asked.has(keyOf(genome)),
    recordAsked(genomes) {
      for (const genome of genomes) asked.add(keyOf(genome))
    },
    recordTold(outcomes) {
      for (const outcome of outcomes) {
        told.push(outcome)
        asked.add(keyOf(outcome.genome))
        if (outcome.status !== 'paused') outcomeByKey.set(keyOf(outcome.genome), outcome)
      }
    },
    copy: () => createHistory(space, [...told], new Set(asked)),
  }
}

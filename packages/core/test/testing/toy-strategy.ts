import type { Genome, Json, StrategyContext, StrategyFactory, TrialOutcome } from '@mnas/core/contracts'

export type StrategyDefect = 'badGenome' | 'endless' | 'forgottenState' | 'repeatedIds' | 'unseeded'

interface State {
  readonly next: number
  readonly pending: readonly number[]
}

/** Goes through the canonical genomes in an order that the seed decides. */
export function toyStrategy(defect?: StrategyDefect): StrategyFactory {
  return {
    name: 'toy',
    create(context: StrategyContext) {
      const order = shuffled(context, defect === 'unseeded' ? unseeded++ : context.seed)
      let state: State = { next: 0, pending: [] }
      return {
        ask(n) {
          const proposals = []
          for (let i = 0; i < n && (state.next < order.length || defect === 'endless'); i++) {
            const id = defect === 'repeatedIds' ? 0 : state.next
            const genome = order[state.next % order.length]!
            proposals.push({ id, genome: defect === 'badGenome' ? genome.map((choice) => choice + 1) : genome })
            state = { next: state.next + 1, pending: [...state.pending, id] }
          }
          return proposals
        },
        tell(outcomes: readonly TrialOutcome[]) {
          const told = new Set(outcomes.map(({ proposal }) => proposal))
          state = { ...state, pending: state.pending.filter((id) => !told.has(id)) }
        },
        state: () => (defect === 'forgottenState' ? null : (state as unknown as Json)),
        restore(saved) {
          if (defect !== 'forgottenState') state = saved as unknown as State
        },
      }
    },
  }
}
let unseeded = 0

function shuffled({ space }: StrategyContext, seed: number): readonly Genome[] {
  const all = space.decisions.reduce<readonly Genome[]>(
    (prefixes, { choices }) => prefixes.flatMap((prefix) => choices.map((_, choice) => [...prefix, choice])),
    [[]],
  )
  const canonical = [...new Set(all.map((genome) => JSON.stringify(space.canonical(genome))))].map(
    (text) => JSON.parse(text) as Genome,
  )
  const start = ((seed * 7) % canonical.length) + canonical.length
  return canonical.map((_, position) => canonical[(start + position * 5) % canonical.length]!)
}

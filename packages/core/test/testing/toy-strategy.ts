import type { Genome, Json, Proposal, StrategyContext, StrategyFactory, TrialOutcome } from '@mnas/core/contracts'

export type StrategyDefect =
  | 'badGenome'
  | 'endless'
  | 'forgottenState'
  | 'growingState'
  | 'ignoredFacts'
  | 'repeatedIds'
  | 'sameAtOnce'
  | 'unseeded'

interface State {
  readonly next: number
  readonly told: readonly number[]
}

/** Goes through the canonical genomes in an order that the seed decides. Its weights are what it counts, twice. */
export function toyStrategy(defect?: StrategyDefect): StrategyFactory {
  return {
    name: 'toy',
    create(context: StrategyContext) {
      const genomeAt = walk(context, defect === 'unseeded' ? unseeded++ : context.seed)
      let state: State = { next: 0, told: [] }
      const ruledOut = (genome: Genome) =>
        defect !== 'ignoredFacts' && defect !== 'endless' && !context.goal.objective.worthTraining(context.facts(genome))
      const propose = (n: number) => {
        const proposals: Proposal[] = []
        const first = state.next
        while (proposals.length < n && (state.next < genomeAt.length || defect === 'endless')) {
          const genome = genomeAt.of((defect === 'sameAtOnce' ? first : state.next) % genomeAt.length)
          const id = defect === 'repeatedIds' ? 0 : state.next
          state = { ...state, next: state.next + 1 }
          if (ruledOut(genome)) continue
          proposals.push({ id, genome: defect === 'badGenome' ? genome.map((choice) => choice + 1) : genome })
        }
        return proposals
      }
      return {
        ask: async (n) => propose(n),
        async tell(outcomes: readonly TrialOutcome[]) {
          const learned = outcomes.filter(({ status }) => status === 'completed').map(({ trial }) => trial)
          if (defect === 'growingState') state = { ...state, told: [...state.told, ...learned] }
        },
        state: () => {
          if (defect === 'forgottenState') return { json: null }
          const data = Float32Array.of(state.next)
          return { json: state as unknown as Json, tensors: { weights: { dtype: 'float32', shape: [1], data } } }
        },
        restore({ json, tensors }) {
          if (defect === 'forgottenState') return
          state = json as unknown as State
          if (tensors?.['weights']?.data[0] !== state.next) throw new Error('the weights are not those of this state')
        },
      }
    },
  }
}
let unseeded = 0

/** The canonical genomes of a small space, of a large one the first few thousand. */
function walk({ space }: StrategyContext, seed: number) {
  const seen = new Set<string>()
  const canonical: Genome[] = []
  const size = space.decisions.reduce((product, { choices }) => product * choices.length, 1)
  for (let number = 0; number < Math.min(size, 5000); number++) {
    const genome = space.canonical(genomeOf(space.decisions, number))
    if (seen.size < seen.add(genome.join('.')).size) canonical.push(genome)
  }
  const start = ((seed * 7) % canonical.length) + canonical.length
  return { length: canonical.length, of: (position: number) => canonical[(start + position * 5) % canonical.length]! }
}

/** The digits of a number, each in the base of its decision. */
function genomeOf(decisions: StrategyContext['space']['decisions'], number: number): Genome {
  let rest = number
  return decisions.map(({ choices }) => {
    const choice = rest % choices.length
    rest = Math.floor(rest / choices.length)
    return choice
  })
}

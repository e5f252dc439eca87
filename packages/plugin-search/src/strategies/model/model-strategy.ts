import type { Genome, Proposal, Strategy, StrategyContext, StrategyFactory } from '@mnas/core/contracts'
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { keyOf } from '../../genome-key.js'
import { type LearnedSearch, learnedSearch, type Model } from './learned-search.js'
import { readModelState, writeModelState } from './model-state.js'
import { type Kept, nothingKept, type Observation } from './observations.js'
import { firstSteps, type WeightSteps } from './process/fit-weights.js'

/** Fewer say nothing about a mean and a spread. */
const fewestObserved = 3
const sweepsOfFirstFit = 3
const fewestStart = 6
const mostStart = 50

/** Networks at random before the model is asked: a quarter of the trials, from 6 to 50; 20 when nobody knows how many. */
export function startTrials(trials: number | undefined): number {
  return trials === undefined ? 20 : Math.min(mostStart, Math.max(fewestStart, Math.floor(trials / 4)))
}

/**
 * Learns the metric by a Gaussian process over the choices and what they cost, and proposes what promises most over the best by
 * its own belief (expected improvement), latency and limits being known. Begins with random networks that use up the budget.
 * docs/adr/0035 says why it is as it is.
 */
export const modelStrategy: StrategyFactory = { name: 'model', create: (context) => createModel(context) }
export default modelStrategy

/** What a fit came to, and what it was made of. */
interface Recommended {
  readonly observed: readonly Observation[]
  readonly steps: WeightSteps | null
  readonly ranked: readonly Genome[]
}

function createModel(context: StrategyContext): Strategy {
  const { seed, history } = context
  let random = xoroshiro128plus(seed)
  let nextId = 0
  let first = startTrials(context.trials)
  let steps: WeightSteps | null = null
  let pending: readonly Proposal[] = []
  let kept: Kept = nothingKept
  let opened: LearnedSearch | null = null
  let recommended: Recommended | null = null
  // Some hundred estimates: not before they are needed.
  const search = () => {
    opened ??= learnedSearch(context, kept)
    return opened
  }

  /** What others have trained will do in place of random networks, when there is as much of it as the fewest of those. */
  const isBegun = (observed: readonly Observation[]) => {
    if (observed.length < fewestObserved) return false
    return observed.length + pending.length >= first || observed.filter(({ asked }) => !asked).length >= fewestStart
  }

  const propose = (n: number): readonly Proposal[] => {
    const waiting = new Set(pending.map(({ genome }) => keyOf(genome)))
    const seen = (genome: Genome) => waiting.has(keyOf(genome)) || history.asked(genome)
    const observed = search().observed()
    let model: Model | null = null
    const learned = () => {
      if (!isBegun(observed)) return null
      if (!model) {
        const genomes = pending.map(({ genome }) => genome)
        model = search().fit(steps ?? firstSteps, steps ? 1 : sweepsOfFirstFit, genomes)
        steps = model.steps
      }
      return model.pick(seen, random)
    }
    const proposals: Proposal[] = []
    while (proposals.length < n) {
      const genome = learned() ?? search().start(seen, random) ?? search().last(seen)
      if (genome === null) break
      const proposal = { id: nextId++, genome }
      proposals.push(proposal)
      waiting.add(keyOf(genome))
      pending = [...pending, proposal]
    }
    return proposals
  }

  return {
    async ask(n) {
      return propose(n)
    },
    async tell(outcomes) {
      const told = new Set(outcomes.map(({ proposal }) => proposal))
      pending = pending.filter(({ id }) => !told.has(id))
    },
    plan(trials) {
      first = startTrials(trials)
    },
    recommend(count) {
      const observed = search().observed()
      if (observed.length === 0) return []
      // A search asks for its finalists, and again for its pick.
      if (recommended?.observed !== observed || recommended.steps !== steps) {
        const model = search().fit(steps ?? firstSteps, steps ? 0 : sweepsOfFirstFit, [])
        recommended = { observed, steps, ranked: model.ranked() }
      }
      return recommended.ranked.slice(0, count)
    },
    state: () => writeModelState({ random: [...random.getState()], nextId, first, steps, pending, kept: opened?.kept ?? kept }),
    restore(state) {
      const read = readModelState(state)
      random = xoroshiro128plusFromState(read.random)
      ;({ nextId, first, steps, pending, kept } = read)
    },
  }
}

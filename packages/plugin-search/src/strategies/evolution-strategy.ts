import type { Genome, Strategy, StrategyContext, StrategyFactory } from '@mnas/core/contracts'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { z } from 'zod'
import { randomGenome } from '../space/random-genomes.js'
import { drawWorthwhile, worthwhile } from './draw-worthwhile.js'
import { drawUnseen, mutate } from './genome-draws.js'
import { parseState } from './parse-state.js'
import { objectiveFor, pickTarget } from './pick-target.js'
import { type Individual, population } from './population.js'
import { propose } from './propose.js'

const stateSchema = z.strictObject({
  random: z.array(z.int()),
  nextId: z.int().min(0),
  populationSize: z.int().min(1),
  sampleSize: z.int().min(1),
  /** Position in the history of the population's oldest member. */
  oldest: z.int().min(0),
})

/** Population and tournament for a budget of trials: the paper's 50 and 10 from 200 trials on, a quarter of the budget below. */
export function evolutionSizes(trials: number | undefined): { readonly populationSize: number; readonly sampleSize: number } {
  const populationSize = Math.min(50, Math.max(4, Math.round((trials ?? 80) / 4)))
  return { populationSize, sampleSize: Math.max(2, Math.round(populationSize / 5)) }
}

/**
 * Regularized evolution (Real et al. 2019, algorithm 1): a random population; then the best of a random sample is mutated in
 * one decision, the child joins and the oldest leaves. Only trained candidates join; each architecture is proposed once, and one
 * that is not worth training not at all. For a front each sample is judged at a target of its own.
 */
export const evolutionStrategy: StrategyFactory = { name: 'evolution', create: (context) => createEvolution(context) }
export default evolutionStrategy

function createEvolution(context: StrategyContext): Strategy {
  const { space, goal, seed, trials, history } = context
  const worth = worthwhile(context)
  let random = xoroshiro128plus(seed)
  let nextId = 0
  let { populationSize, sampleSize } = evolutionSizes(trials)
  let living = population(history, goal.objective, populationSize, 0)

  const drawRandom = () => randomGenome(space.decisions, random)
  const next = (seen: (genome: Genome) => boolean): Genome | null => {
    if (living.size < populationSize) return drawWorthwhile(context, seen, random, drawRandom)
    // A child that is known, or whose change does not act, is changed once more; one that is not worth training is dropped.
    const drawChild = (previous: Genome | null) => {
      const again = previous !== null && seen(space.canonical(previous))
      return mutate(again ? previous : bestOfSample(), space.decisions, random)
    }
    const child = drawUnseen(space, (genome) => seen(genome) || !worth(genome), random, drawChild)
    return child ?? drawWorthwhile(context, seen, random, drawRandom)
  }
  const drawMember = () => living.member(uniformInt(random, 0, living.size - 1))
  const rewardAt = (targetMs: number | null): ((one: Individual) => number) => {
    if (targetMs === null) return ({ reward }) => reward
    const objective = objectiveFor(goal, targetMs)
    return ({ metrics, facts }) => objective.reward({ metrics, facts })
  }
  const bestOfSample = (): Genome => {
    const rewardOf = rewardAt(pickTarget(goal, random))
    let best = drawMember()
    for (let drawn = 1; drawn < sampleSize; drawn++) {
      const other = drawMember()
      if (rewardOf(other) > rewardOf(best)) best = other
    }
    return space.canonical(best.genome)
  }

  return {
    async ask(n) {
      living.grow()
      const proposals = propose(n, nextId, history, next)
      nextId += proposals.length
      return proposals
    },
    async tell() {},
    state: () => ({
      json: { random: [...random.getState()], nextId, populationSize, sampleSize, oldest: living.oldest },
    }),
    restore({ json }) {
      const state = parseState('evolution', stateSchema, json)
      random = xoroshiro128plusFromState(state.random)
      ;({ nextId, populationSize, sampleSize } = state)
      living = population(history, goal.objective, populationSize, state.oldest)
    },
  }
}

import type { Genome, Proposal, Strategy, StrategyContext, StrategyFactory } from '@mnas/core/contracts'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { z } from 'zod'
import { drawUnseen, genomeOfKey, keyOf, mutate, randomGenome } from './genome-draws.js'
import { parseState } from './parse-state.js'

const stateSchema = z.strictObject({
  random: z.array(z.int()),
  nextId: z.int().min(0),
  populationSize: z.int().min(1),
  sampleSize: z.int().min(1),
  seen: z.array(z.string()),
  /** Oldest first. */
  population: z.array(z.strictObject({ genome: z.string(), reward: z.number() })),
})
type Individual = { readonly genome: string; readonly reward: number }

/** Population and tournament for a budget of trials: the paper's 50 and 10 from 200 trials on, a quarter of the budget below. */
export function evolutionSizes(trials: number | undefined): { readonly populationSize: number; readonly sampleSize: number } {
  const populationSize = Math.min(50, Math.max(4, Math.round((trials ?? 80) / 4)))
  return { populationSize, sampleSize: Math.max(2, Math.round(populationSize / 5)) }
}

/**
 * Regularized evolution (Real et al. 2019, algorithm 1): a random population; then the best of a random sample is mutated in one decision,
 * the child joins and the oldest leaves. Only trained candidates join; each architecture is proposed once.
 */
export const evolutionStrategy: StrategyFactory = { name: 'evolution', create: (context) => createEvolution(context) }
export default evolutionStrategy

function createEvolution({ space, seed, trials }: StrategyContext): Strategy {
  let random = xoroshiro128plus(seed)
  let nextId = 0
  let { populationSize, sampleSize } = evolutionSizes(trials)
  let seen = new Set<string>()
  let population: Individual[] = []

  const drawRandom = () => randomGenome(space.decisions, random)
  const propose = (): Genome | null => {
    if (population.length < populationSize) return drawUnseen(space, seen, random, drawRandom)
    const parent = bestOfSample()
    // A child that is known, or whose change does not act, is changed once more.
    const child = drawUnseen(space, seen, random, (previous) => mutate(previous ?? parent, space.decisions, random))
    return child ?? drawUnseen(space, seen, random, drawRandom)
  }
  const bestOfSample = (): Genome => {
    let best = population[uniformInt(random, 0, population.length - 1)]!
    for (let drawn = 1; drawn < sampleSize; drawn++) {
      const other = population[uniformInt(random, 0, population.length - 1)]!
      if (other.reward > best.reward) best = other
    }
    return genomeOfKey(best.genome)
  }

  return {
    ask(n) {
      const proposals: Proposal[] = []
      while (proposals.length < n) {
        const genome = propose()
        if (genome === null) break
        seen.add(keyOf(genome))
        proposals.push({ id: nextId++, genome })
      }
      return proposals
    },
    tell(outcomes) {
      for (const outcome of outcomes) {
        const genome = keyOf(space.canonical(outcome.genome))
        seen.add(genome)
        if (outcome.status === 'completed')
          population = [...population, { genome, reward: outcome.reward }].slice(-populationSize)
      }
    },
    state: () => ({
      random: [...random.getState()],
      nextId,
      populationSize,
      sampleSize,
      seen: [...seen],
      population: [...population],
    }),
    restore(json) {
      const state = parseState('evolution', stateSchema, json)
      random = xoroshiro128plusFromState(state.random)
      ;({ nextId, populationSize, sampleSize } = state)
      seen = new Set(state.seen)
      population = state.population
    },
  }
}

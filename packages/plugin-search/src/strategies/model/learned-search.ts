import type { Genome, StrategyContext } from '@mnas/core/contracts'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { randomGenomes } from '../../space/random-genomes.js'
import { candidateValues } from './candidate-value.js'
import { firstSteps, type WeightSteps } from './fit-weights.js'
import { type GaussianProcess, gaussianProcess } from './gaussian-process.js'
import { genomeFeatures } from './genome-features.js'
import { innerSearch } from './inner-search.js'
import { latencyBudget } from './latency-budget.js'
import { type Observation, observations } from './observations.js'
import { reachable } from './reachable.js'
import { startGenome } from './start-draws.js'

const samplesForScales = 400
const elites = 20

/** What a search knows and believes; all of it follows from the context and from the weights of the last fit. */
export interface LearnedSearch {
  /** Trained networks that it learns from, those told of by now included. */
  observed(): readonly Observation[]
  /** @param sweeps over the weights, which begin at `steps` */
  fit(steps: WeightSteps, sweeps: number, pending: readonly Genome[]): Model
  /** A network to begin with; null when there is none within the budget. */
  start(seen: (genome: Genome) => boolean, random: RandomGenerator): Genome | null
  /** What draws have missed; null when all within the budget that can be reached was seen. */
  last(seen: (genome: Genome) => boolean): Genome | null
}

export interface Model {
  readonly steps: WeightSteps
  /** A network that promises most within the budget, and is pending from then on; null: none was met that was not seen. */
  pick(seen: (genome: Genome) => boolean, random: RandomGenerator): Genome | null
  /** Trained networks within the budget by the posterior mean of their rewards, the best first. */
  ranked(): readonly Genome[]
}

export function learnedSearch(context: StrategyContext): LearnedSearch {
  const { space, objective, metric, seed, history, facts } = context
  // Features and scales are the same for ever: a resumed search has to come to the same numbers.
  const estimate = context.estimate ?? facts
  const samples = randomGenomes(space, samplesForScales, seed, 'model')
  const features = genomeFeatures(space, estimate, samples)
  const slowestMs = Math.max(...samples.map((genome) => estimate(genome).latency.latencyMs))
  const budgetMs = latencyBudget(objective, estimate(space.canonical(space.smallest())), slowestMs)
  const values = candidateValues(objective, metric, budgetMs)
  const within = (genome: Genome) => values.penalty(facts(genome)) === 0
  const observed = observations(history, metric, features.of, (all) => {
    const process = processOf(all, firstSteps, 0)
    return all.map(({ genome, x }) => values.reward(process.mean(x), estimate(genome)))
  })
  function processOf(all: readonly Observation[], steps: WeightSteps, sweeps: number): GaussianProcess {
    const [rows, y] = [all.map(({ x }) => x), all.map((observation) => observation.y)]
    return gaussianProcess(rows, y, features.ends, steps, sweeps)
  }

  const fit: LearnedSearch['fit'] = (steps, sweeps, pending) => {
    const process = processOf(observed.all, steps, sweeps)
    const rated = ({ genome, x }: Pick<Observation, 'genome' | 'x'>) => {
      const known = facts(genome)
      return { genome, value: values.reward(process.mean(x), known) - values.penalty(known) }
    }
    const trained = observed.all.map(rated).sort((a, b) => b.value - a.value)
    // By posterior means, of networks that are being trained too: one lucky training does not lead.
    let incumbent = trained[0]!.value
    const awaitToo = (genome: Genome) => {
      const x = features.of(genome)
      incumbent = Math.max(incumbent, rated({ genome, x }).value)
      process.await(x)
    }
    for (const genome of pending) awaitToo(genome)
    const promiseOf = (genome: Genome) => {
      const known = facts(genome)
      const penalty = values.penalty(known)
      return penalty > 0 ? -penalty : values.improvement(process.belief(features.of(genome)), known, incumbent)
    }
    return {
      steps: process.steps,
      pick(seen, random) {
        const seeds = trained.slice(0, elites).map(({ genome }) => genome)
        const found = innerSearch(space, seeds, promiseOf, random).find((genome) => within(genome) && !seen(genome))
        if (found) awaitToo(found)
        return found ?? null
      },
      ranked: () => trained.flatMap(({ genome }) => (within(genome) ? [genome] : [])),
    }
  }

  return {
    observed() {
      observed.grow()
      return observed.all
    },
    fit,
    start: (seen, random) => startGenome({ space, objective, budgetMs, facts }, seen, random),
    last: (seen) => reachable(space, within, seen),
  }
}

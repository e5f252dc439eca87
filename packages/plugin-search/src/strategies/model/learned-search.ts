import type { Facts, Genome, SearchGoal, StrategyContext } from '@mnas/core/contracts'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { randomGenomes } from '../../space/random-genomes.js'
import { objectiveFor, pickTarget } from '../pick-target.js'
import { type CandidateValues, candidateValues } from './candidate-value.js'
import { closeness } from './closeness.js'
import { genomeFeatures } from './genome-features.js'
import { innerSearch } from './inner-search.js'
import { latencyBudget } from './latency-budget.js'
import { type Kept, type Observation, observations } from './observations.js'
import { firstSteps, type WeightSteps } from './process/fit-weights.js'
import { type GaussianProcess, gaussianProcess } from './process/gaussian-process.js'
import { reachable } from './reachable.js'
import { startGenome } from './start-draws.js'

const samplesForScales = 400
const elites = 20
/** Of a front, targets at which it is looked at as a whole: evenly over the range, both ends among them. */
const targetsOfFront = 8

/** What a search knows and believes; all of it follows from the context and from the weights of the last fit. */
export interface LearnedSearch {
  /** Trained networks that it learns from, those told of by now included. */
  observed(): readonly Observation[]
  /** What makes them again. */
  readonly kept: Kept
  /** @param sweeps over the weights, which begin at `steps` */
  fit(steps: WeightSteps, sweeps: number, pending: readonly Genome[]): Model
  /** A network to begin with; null when there is none within the budget. */
  start(seen: (genome: Genome) => boolean, random: RandomGenerator): Genome | null
  /** What draws have missed; null when all within the budget that can be reached was seen. */
  last(seen: (genome: Genome) => boolean): Genome | null
}

export interface Model {
  readonly steps: WeightSteps
  /**
   * A network that promises most within the budget (of a front, within a target drawn for this pick), and is pending from then on;
   * null: none was met that was not seen.
   */
  pick(seen: (genome: Genome) => boolean, random: RandomGenerator): Genome | null
  /** Trained networks within the budget by the posterior mean of their rewards, the best (of a front, the nearest to it) first. */
  ranked(): readonly Genome[]
}

/** What the model believes of a trained or pending network. */
interface Believed {
  readonly genome: Genome
  /** Of the metric. */
  readonly mean: number
  readonly facts: Facts
}

/** @param from what an earlier search of the same history kept */
export function learnedSearch(context: StrategyContext, from: Kept): LearnedSearch {
  const { space, goal, metric, seed, history, facts } = context
  // Features and scales are the same for ever: a resumed search has to come to the same numbers.
  const estimate = context.estimate ?? facts
  const samples = randomGenomes(space, samplesForScales, seed, 'model')
  const features = genomeFeatures(space, estimate, samples)
  const slowestMs = Math.max(...samples.map((genome) => estimate(genome).latency.latencyMs))
  const smallest = estimate(space.canonical(space.smallest()))
  const valuesAt = (targetMs: number | null): CandidateValues => {
    const objective = objectiveFor(goal, targetMs)
    return candidateValues(objective, metric, latencyBudget(objective, smallest, slowestMs))
  }
  const values = valuesAt(null)
  const asWhole = targetsOf(goal).map(valuesAt)
  const within = (genome: Genome) => values.penalty(facts(genome)) === 0
  const usefulness = (all: readonly Observation[]): readonly number[] => {
    const process = processOf(all, firstSteps, 0)
    const believed = all.map(({ genome, x }): Believed => ({ genome, mean: process.mean(x), facts: estimate(genome) }))
    const rewards = asWhole.map(
      ({ reward }) =>
        ({ mean, facts }: Believed) =>
          reward(mean, facts),
    )
    return closeness(believed, rewards)
  }
  const observed = observations(history, metric, features.of, usefulness, from)
  function processOf(all: readonly Observation[], steps: WeightSteps, sweeps: number): GaussianProcess {
    const [rows, y] = [all.map(({ x }) => x), all.map((observation) => observation.y)]
    return gaussianProcess(rows, y, features.ends, steps, sweeps)
  }

  const fit: LearnedSearch['fit'] = (steps, sweeps, pending) => {
    const process = processOf(observed.all, steps, sweeps)
    const believe = (genome: Genome, x: Float64Array, known: Facts | null): Believed => {
      const mean = process.mean(x)
      return { genome, mean, facts: known ?? facts(genome) }
    }
    const trained = observed.all.map((one) => believe(one.genome, one.x, one.facts))
    const awaited: Believed[] = []
    const awaitToo = (genome: Genome) => {
      const x = features.of(genome)
      awaited.push(believe(genome, x, null))
      process.await(x)
    }
    for (const genome of pending) awaitToo(genome)
    return {
      steps: process.steps,
      pick(seen, random) {
        const picked = valuesAt(pickTarget(goal, random))
        const value = valueBy(picked)
        const seeds = trained.toSorted((a, b) => value(b) - value(a)).slice(0, elites)
        // By posterior means, of networks that are being trained too: one lucky training does not lead.
        const incumbent = Math.max(...[seeds[0]!, ...awaited].map(value))
        const promiseOf = (genome: Genome) => {
          const known = facts(genome)
          const penalty = picked.penalty(known)
          return penalty > 0 ? -penalty : picked.improvement(process.belief(features.of(genome)), known, incumbent)
        }
        const fits = (genome: Genome) => picked.penalty(facts(genome)) === 0 && !seen(genome)
        const genomes = seeds.map(({ genome }) => genome)
        const found = innerSearch(space, genomes, promiseOf, random).find(fits)
        if (found) awaitToo(found)
        return found ?? null
      },
      ranked() {
        const near = closeness(trained, asWhole.map(valueBy))
        const order = trained.map((_, index) => index).sort((a, b) => near[b]! - near[a]!)
        return order.flatMap((index) => {
          const { genome, facts: known } = trained[index]!
          return values.penalty(known) === 0 ? [genome] : []
        })
      },
    }
  }

  return {
    observed() {
      observed.grow()
      return observed.all
    },
    get kept() {
      return observed.kept
    },
    fit,
    start(seen, random) {
      const targetMs = pickTarget(goal, random)
      const objective = objectiveFor(goal, targetMs)
      const budgetMs = latencyBudget(objective, smallest, slowestMs)
      return startGenome({ space, objective, budgetMs, facts }, seen, random)
    },
    last: (seen) => reachable(space, within, seen),
  }
}

/** What orders networks for one target: their reward by the model, less what they are beyond the budget. */
function valueBy({ reward, penalty }: CandidateValues): (one: Believed) => number {
  return ({ mean, facts }) => reward(mean, facts) - penalty(facts)
}

/** Where a search is judged as a whole. */
function targetsOf(goal: SearchGoal): readonly (number | null)[] {
  if (goal.kind === 'best') return [null]
  const [least, most] = goal.rangeMs
  return Array.from({ length: targetsOfFront }, (_, index) => least + ((most - least) * index) / (targetsOfFront - 1))
}

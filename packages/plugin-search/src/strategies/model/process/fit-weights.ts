import type { Products, Weights } from './group-kernel.js'
import { type Factored, factored } from './marginal-likelihood.js'

/** Each weight is its start times √10 to a whole power: two numbers of a digit or two are the same in every state. */
export type WeightSteps = Readonly<Record<keyof Weights, number>>

export const firstSteps: WeightSteps = { kinds: 0, costs: 0, pairs: 0, noise: 0 }
const starts: Weights = { kinds: 1, costs: 1, pairs: 0.1, noise: 0.05 }
const [least, most] = [1e-4, 100]
const mostSteps = 3
const directions = [-1, 1]
const names = ['kinds', 'costs', 'pairs', 'noise'] as const satisfies readonly (keyof Weights)[]

/** Normal in the logarithm: median, and sd of the logarithm. */
const priors: Readonly<Record<keyof Weights, readonly [median: number, sd: number]>> = {
  kinds: [1, 2],
  costs: [1, 2],
  pairs: [0.1, 2],
  noise: [0.1, 2.5],
}

export function weightsOf(steps: WeightSteps): Weights {
  const of = (name: keyof Weights) => starts[name] * 10 ** (steps[name] / 2)
  return { kinds: of('kinds'), costs: of('costs'), pairs: of('pairs'), noise: of('noise') }
}

export function logPrior(weights: Weights): number {
  return names.reduce((sum, name) => {
    const [median, sd] = priors[name]
    return sum - 0.5 * ((Math.log(weights[name] + 1e-4) - Math.log(median)) / sd) ** 2
  }, 0)
}

export interface Fit extends Factored {
  readonly steps: WeightSteps
  readonly weights: Weights
}

/**
 * Log likelihood plus log prior, maximised one weight after the other: at most three steps down, else up. Begins at `steps`, where
 * the last fit ended.
 * @param sweeps over all weights; 0: the weights stay
 */
export function fitWeights(products: Products, z: Float64Array, steps: WeightSteps, sweeps: number): Fit {
  const at = (tried: WeightSteps) => {
    const weights = weightsOf(tried)
    const fit = { steps: tried, weights, ...factored(products, weights, z) }
    return { fit, score: fit.logLikelihood + logPrior(weights) }
  }
  let best = at(steps)
  const moves = (name: keyof Weights, direction: number): boolean => {
    for (let step = 0; step < mostSteps; step++) {
      const tried = { ...best.fit.steps, [name]: best.fit.steps[name] + direction }
      const weight = weightsOf(tried)[name]
      if (weight < least || weight > most) return step > 0
      const next = at(tried)
      if (next.score <= best.score) return step > 0
      best = next
    }
    return true
  }
  for (let sweep = 0; sweep < sweeps; sweep++) for (const name of names) directions.some((direction) => moves(name, direction))
  return best.fit
}

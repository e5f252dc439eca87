import { rowOf, solveRow, squaredNorm } from '@mnas/core/algebra'
import type { GroupEnds } from '../genome-features.js'
import { type Fit, fitWeights, type WeightSteps } from './fit-weights.js'
import { jitter, kernel, productsOf } from './group-kernel.js'

/** What is believed of a network's metric before it is trained; sd without the noise of a training. */
export interface Belief {
  readonly mean: number
  readonly sd: number
}

export interface GaussianProcess {
  readonly steps: WeightSteps
  mean(x: Float64Array): number
  belief(x: Float64Array): Belief
  /** Is being tried: no longer worth knowing. What it is believed to come to changes no mean, so only the spread becomes less. */
  await(x: Float64Array): void
}

/**
 * The posterior of a Gaussian process over features, its weights fitted.
 * @param y one for each row; at least one
 */
export function gaussianProcess(
  rows: readonly Float64Array[],
  y: readonly number[],
  ends: GroupEnds,
  steps: WeightSteps,
  sweeps: number,
): GaussianProcess {
  const average = y.reduce((sum, value) => sum + value, 0) / y.length
  const scale = Math.sqrt(y.reduce((sum, value) => sum + (value - average) ** 2, 0) / y.length) + 1e-9
  const z = Float64Array.from(y, (value) => (value - average) / scale)
  const fit = fitWeights(productsOf(rows, ends), z, steps, sweeps)
  return posterior(fit, [...rows], ends, { average, scale })
}

function posterior(
  { steps, weights, coefficients, variance, factor: observed }: Fit,
  rows: Float64Array[],
  ends: GroupEnds,
  { average, scale }: { readonly average: number; readonly scale: number },
): GaussianProcess {
  let factor = observed
  const covariances = (x: Float64Array) => Float64Array.from(rows, (row) => kernel(x, row, ends, weights))
  const meanOf = (k: Float64Array) => {
    let sum = 0
    for (let i = 0; i < coefficients.length; i++) sum += coefficients[i]! * k[i]!
    return average + scale * sum
  }
  return {
    steps,
    mean: (x) => meanOf(covariances(x)),
    belief(x) {
      const k = covariances(x)
      const mean = meanOf(k)
      solveRow(factor, k, rows.length)
      const left = Math.max(1e-9, kernel(x, x, ends, weights) - squaredNorm(k, rows.length))
      return { mean, sd: scale * Math.sqrt(variance * left) }
    },
    await(x) {
      const n = rows.length
      const grown = new Float64Array(rowOf(n + 1))
      grown.set(factor)
      const row = grown.subarray(rowOf(n))
      row.set(covariances(x))
      solveRow(factor, row, n)
      row[n] = Math.sqrt(Math.max(1e-12, kernel(x, x, ends, weights) + weights.noise + jitter - squaredNorm(row, n)))
      factor = grown
      rows.push(x)
    },
  }
}

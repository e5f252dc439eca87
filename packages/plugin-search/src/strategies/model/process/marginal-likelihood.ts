import { factorise, solveRow, solveTransposed, squaredNorm } from '@mnas/core/algebra'
import { kernelMatrix, type Products, type Weights } from './group-kernel.js'

/** A Gaussian process at given weights, its scale found by maximum likelihood. */
export interface Factored {
  /** L of K + noise, n (n + 1) / 2 values. */
  readonly factor: Float64Array
  /** (K + noise)⁻¹ z */
  readonly coefficients: Float64Array
  /** σ², what kernel and noise are multiplied with. */
  readonly variance: number
  /** ln p(z | weights), without a constant. */
  readonly logLikelihood: number
}

/**
 * With L Lᵀ = K + noise and q = zᵀ (L Lᵀ)⁻¹ z: σ² = (q + .1) / (n + 1), log likelihood = −½ n ln σ² − Σ ln Lᵢᵢ. The added .1 and 1
 * are one observation's worth of a prior for σ².
 * @param z standardised: mean 0, sd 1
 */
export function factored(products: Products, weights: Weights, z: Float64Array): Factored {
  const { n } = products
  const factor = kernelMatrix(products, weights)
  const logDiagonal = factorise(factor, n)
  const coefficients = z.slice()
  solveRow(factor, coefficients, n)
  const variance = (squaredNorm(coefficients, n) + 0.1) / (n + 1)
  solveTransposed(factor, coefficients, n)
  return { factor, coefficients, variance, logLikelihood: -0.5 * n * Math.log(variance) - logDiagonal }
}

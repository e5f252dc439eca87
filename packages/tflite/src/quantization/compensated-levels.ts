import { factorise, rowOf } from '@mnas/core/algebra'
import { weightLevels } from './integer-kernel.js'

/** What is added to each variance, as a share of their mean: errors of inputs that always vary together would else grow without bound. */
const damping = 0.01

/** How the inputs of some weights vary together, prepared for rounding these. */
export interface InputFactor {
  /** Of the inputs, those that vary least first. */
  readonly order: readonly number[]
  /** L of C = L Lᵀ in that order, a lower triangle; null: no input varies. */
  readonly factor: Float64Array | null
}

/** @param covariance of n inputs, a lower triangle (`rowOf`) */
export function inputFactor(covariance: Float64Array, n: number): InputFactor {
  const variance = Float64Array.from({ length: n }, (_, i) => covariance[rowOf(i) + i]!)
  const mean = variance.reduce((sum, one) => sum + one, 0) / n
  const order = [...variance.keys()].sort((a, b) => variance[a]! - variance[b]! || a - b)
  if (!(mean > 0)) return { order, factor: null }
  const factor = new Float64Array(rowOf(n))
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const [high, low] = order[i]! > order[j]! ? [order[i]!, order[j]!] : [order[j]!, order[i]!]
      factor[rowOf(i) + j] = covariance[rowOf(high) + low]! / mean
    }
    factor[rowOf(i) + i]! += damping
  }
  factorise(factor, n)
  return { order, factor }
}

/**
 * Rounds the weights of one output so that what their errors do to it vary little: each makes up for those before it, as far as its input varies with
 * theirs (LDLQ, Chee et al. 2023, arXiv:2307.13304, §3; the same as GPTQ, Frantar et al. 2023, arXiv:2210.17323). With errors e = w − scale · q the variance is
 *
 *   e C eᵀ = Σ L_kk² (e_k + Σ_{j>k} e_j L_jk / L_kk)²
 *
 * and from the last k to the first q_k is the nearest level that makes its term small. The mean of the error is for the bias to take off.
 * @param weights of n inputs
 * @param levels receives q, each −127…127
 */
export function compensatedLevels(weights: Float64Array, scale: number, { order, factor }: InputFactor, levels: Int8Array): void {
  const n = weights.length
  // Of each k: Σ e_j L_jk over the j that are rounded already.
  const carried = new Float64Array(n)
  for (let k = n - 1; k >= 0; k--) {
    const at = order[k]!
    const row = rowOf(k)
    const wanted = weights[at]! + (factor ? carried[k]! / factor[row + k]! : 0)
    const level = Math.min(weightLevels, Math.max(-weightLevels, Math.round(wanted / scale)))
    levels[at] = level
    if (!factor) continue
    const error = weights[at]! - scale * level
    for (let i = 0; i < k; i++) carried[i]! += error * factor[row + i]!
  }
}

import { rowOf } from '@mnas/core/algebra'
import type { GroupEnds } from '../genome-features.js'

/** How much each part of the kernel counts, the base features counting 1; noise: variance of an observation. */
export interface Weights {
  readonly kinds: number
  readonly costs: number
  readonly pairs: number
  readonly noise: number
}

/** Inner products of each two of n feature vectors, group by group: lower triangles. */
export interface Products {
  readonly n: number
  readonly base: Float64Array
  readonly kinds: Float64Array
  readonly costs: Float64Array
}

function product(a: Float64Array, b: Float64Array, from: number, to: number): number {
  let sum = 0
  for (let j = from; j < to; j++) sum += a[j]! * b[j]!
  return sum
}

export function productsOf(rows: readonly Float64Array[], ends: GroupEnds): Products {
  const n = rows.length
  const [base, kinds, costs] = [new Float64Array(rowOf(n)), new Float64Array(rowOf(n)), new Float64Array(rowOf(n))]
  rows.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const b = rows[j]!
      base[rowOf(i) + j] = product(a, b, 0, ends.base)
      kinds[rowOf(i) + j] = product(a, b, ends.base, ends.kinds)
      costs[rowOf(i) + j] = product(a, b, ends.kinds, ends.costs)
    }
  })
  return { n, base, kinds, costs }
}

/**
 * k(x, x′) = b·b′ + α₁ s·s′ + α₂ c·c′ + α₃ (b·b′)² with the groups b, s, c of the features. (b·b′)² is a weight for every pair of
 * choices, at the price of one multiplication.
 */
export function kernel(a: Float64Array, b: Float64Array, ends: GroupEnds, weights: Weights): number {
  const base = product(a, b, 0, ends.base)
  const kinds = product(a, b, ends.base, ends.kinds)
  const costs = product(a, b, ends.kinds, ends.costs)
  return base + weights.kinds * kinds + weights.costs * costs + weights.pairs * base * base
}

/** Kept away from 0 on the diagonal, whatever the noise. */
export const jitter = 1e-6

/** K + (noise + jitter) I, the lower triangle. */
export function kernelMatrix({ n, base, kinds, costs }: Products, weights: Weights): Float64Array {
  const matrix = new Float64Array(base.length)
  for (let at = 0; at < matrix.length; at++) {
    const b = base[at]!
    matrix[at] = b + weights.kinds * kinds[at]! + weights.costs * costs[at]! + weights.pairs * b * b
  }
  for (let i = 0; i < n; i++) matrix[rowOf(i) + i]! += weights.noise + jitter
  return matrix
}

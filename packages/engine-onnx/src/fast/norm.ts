import type { Emitter } from '../onnx/emitter.js'
import { type OnnxTensor, sizeOf } from '../onnx/tensor.js'
import type { CompositeReverseSite, CompositeSite } from './composite.js'
import { allPositions, channelDot, channelMean, channelSum, rowSums } from './lanes.js'

/** What a composite knows of the batch norm inside it; all [C, 1]. */
export interface Norm {
  readonly mean: OnnxTensor
  /** σ² */
  readonly variance: OnnxTensor
  /** r = 1/√(σ² + ε) */
  readonly rstd: OnnxTensor
  /** a = γ·r */
  readonly gain: OnnxTensor
  /** β − a·μ: the norm is gain·x + shift. */
  readonly shift: OnnxTensor
  /** M */
  readonly positions: number
}

/**
 * Batch statistics of a map that may lie in several parts (phases), from sums:
 *
 *   μ = Σx / M       σ² = Σx² / M − μ²
 *
 * @param gamma, beta [C]
 */
export function norm(g: Emitter, parts: readonly OnnxTensor[], gamma: OnnxTensor, beta: OnnxTensor, epsilon: number): Norm {
  const positions = allPositions(parts)
  const total = (sums: readonly OnnxTensor[]) =>
    g.multiply(
      sums.reduce((a, b) => g.add(a, b)),
      1 / positions,
    )
  // Not by `rowSums`, as the way back: every other rounding decides some ReLUs anew, and gradients could no longer be compared with earlier ones.
  const mean = parts.length === 1 ? channelMean(g, parts[0]!) : total(parts.map((part) => channelSum(g, part)))
  const square = total(parts.map((part) => channelDot(g, part, part)))
  // Rounding can leave a constant channel a tiny negative variance.
  const variance = g.maximum(g.subtract(square, g.multiply(mean, mean)), 0)
  const rstd = g.reciprocal(g.squareRoot(g.add(variance, epsilon)))
  const gain = g.multiply(column(g, gamma), rstd)
  const shift = g.subtract(column(g, beta), g.multiply(gain, mean))
  return { mean, variance, rstd, gain, shift, positions }
}

/** [C] as [C, 1] */
export const column = (g: Emitter, vector: OnnxTensor): OnnxTensor => g.reshape(vector, [sizeOf(vector.shape), 1])

/** A batch norm's gradient from sums over dy; all [C, 1]. */
export interface NormGradient {
  /** −dβ/M = −Σdy/M */
  readonly negativeDBeta: OnnxTensor
  /** −dγ/M = r·(−Σdy·x/M − μ·(−dβ/M)) */
  readonly negativeDGamma: OnnxTensor
  /** b = −r·dγ/M */
  readonly slope: OnnxTensor
  /** c = −dβ/M − b·μ */
  readonly offset: OnnxTensor
}

/**
 * The gradient of a batch norm is linear in its input x: dL/dx = a·(dy + b·x + c), with
 *
 *   b = −r·dγ/M       c = −dβ/M − b·μ       dβ = Σdy       dγ = r·(Σdy·x − μ·dβ)
 *
 * Sums are kept as negative means: slope b and offset c then need no factor of their own.
 * @param negativeDBeta −Σdy/M
 * @param dots [C, n] whose rows sum to Σdy·x
 */
export function normGradient(
  g: Emitter,
  { rstd, mean, positions }: Norm,
  negativeDBeta: OnnxTensor,
  dots: OnnxTensor,
): NormGradient {
  const negativeDGamma = g.multiply(rstd, rowSums(g, dots, -1 / positions, { bias: g.multiply(mean, negativeDBeta), beta: -1 }))
  const slope = g.multiply(rstd, negativeDGamma)
  return { negativeDBeta, negativeDGamma, slope, offset: g.subtract(negativeDBeta, g.multiply(slope, mean)) }
}

/** Hands dβ and dγ over: M is multiplied in with those of all other batch norms at once. */
export function giveNormGradient(
  { parameterGradient }: CompositeReverseSite,
  node: string,
  { positions }: Norm,
  { negativeDBeta, negativeDGamma }: NormGradient,
): void {
  parameterGradient(node, 'gamma', negativeDGamma, -positions)
  parameterGradient(node, 'beta', negativeDBeta, -positions)
}

/** Hands a batch's mean and unbiased variance M/(M − 1)·σ² over to the running statistics. */
export function giveStatistics({ batchStatistics }: CompositeSite, node: string, { mean, variance, positions }: Norm): void {
  batchStatistics(node, mean, variance, positions / Math.max(positions - 1, 1))
}

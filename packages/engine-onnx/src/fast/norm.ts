import type { Emitter } from '../onnx/emitter.js'
import { type OnnxTensor, sizeOf } from '../onnx/tensor.js'
import type { CompositeReverseSite, CompositeSite } from './composite.js'
import { channelDot, channelMean, channelSum, positionsOf, rowSums } from './lanes.js'

/** What a composite knows of the batch norm inside it; all [C, 1]. */
export interface Norm {
  readonly mean: OnnxTensor
  /** σ² */
  readonly variance: OnnxTensor
  /** r = 1/√(σ² + ε) */
  readonly rstd: OnnxTensor
  /** a = γ·r */
  readonly gain: OnnxTensor
  /** b = β − a·μ: the norm is a·x + b. */
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
  const positions = parts.reduce((total, part) => total + positionsOf(part), 0)
  const total = (sums: readonly OnnxTensor[]) =>
    g.multiply(
      sums.reduce((a, b) => g.add(a, b)),
      1 / positions,
    )
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
  /** s = −Σdy/M: dβ is −M times it. */
  readonly meanGradient: OnnxTensor
  /** t = −r·(Σdy·x/M + μ·s): dγ is −M times it. */
  readonly gainGradient: OnnxTensor
  /** r·t */
  readonly slope: OnnxTensor
  /** s − slope·μ */
  readonly offset: OnnxTensor
}

/**
 * The gradient of a batch norm is linear in its input x: dL/dx = a·(dy + slope·x + offset), with
 *
 *   slope = −r·dγ/M       offset = −dβ/M − slope·μ       dβ = Σdy       dγ = r·(Σdy·x − μ·dβ)
 *
 * Sums are kept as negative means, which slope and offset then are without a factor of their own.
 * @param meanGradient s = −Σdy/M
 * @param dots [C, n] whose rows sum to Σdy·x
 */
export function normGradient(
  g: Emitter,
  { rstd, mean, positions }: Norm,
  meanGradient: OnnxTensor,
  dots: OnnxTensor,
): NormGradient {
  const gainGradient = g.multiply(rstd, rowSums(g, dots, -1 / positions, { bias: g.multiply(mean, meanGradient), beta: -1 }))
  const slope = g.multiply(rstd, gainGradient)
  return { meanGradient, gainGradient, slope, offset: g.subtract(meanGradient, g.multiply(slope, mean)) }
}

/** Hands dβ and dγ over: M is multiplied in with those of all other batch norms at once. */
export function giveNormGradient(
  { parameterGradient }: CompositeReverseSite,
  node: string,
  { positions }: Norm,
  { meanGradient, gainGradient }: Pick<NormGradient, 'meanGradient' | 'gainGradient'>,
): void {
  parameterGradient(node, 'gamma', gainGradient, -positions)
  parameterGradient(node, 'beta', meanGradient, -positions)
}

/** Hands a batch's mean and unbiased variance M/(M − 1)·σ² over to the running statistics. */
export function giveStatistics({ batchStatistics }: CompositeSite, node: string, { mean, variance, positions }: Norm): void {
  batchStatistics(node, mean, variance, positions / Math.max(positions - 1, 1))
}

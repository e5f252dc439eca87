import type { Emitter } from '../onnx/emitter.js'
import { type OnnxTensor, sizeOf } from '../onnx/tensor.js'
import { channelDot, channelMean, channelSum, positionsOf } from './lanes.js'

/** What a composite knows of the batch norm inside it; all [C, 1]. */
export interface Norm {
  readonly mean: OnnxTensor
  /** r = 1/√(σ² + ε) */
  readonly rstd: OnnxTensor
  /** a = γ·r */
  readonly gain: OnnxTensor
  /** b = β − a·μ: the norm is a·x + b. */
  readonly shift: OnnxTensor
  /** M/(M − 1)·σ², for the running statistics. */
  readonly unbiased: OnnxTensor
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
    g.scale(
      sums.reduce((a, b) => g.add(a, b)),
      1 / positions,
    )
  const mean = parts.length === 1 ? channelMean(g, parts[0]!) : total(parts.map((part) => channelSum(g, part)))
  const square = total(parts.map((part) => channelDot(g, part, part)))
  // Rounding can leave a constant channel a tiny negative variance.
  const variance = g.maximum(g.subtract(square, g.multiply(mean, mean)), g.scalar(0))
  const rstd = g.reciprocal(g.squareRoot(g.add(variance, g.scalar(epsilon))))
  const gain = g.multiply(column(g, gamma), rstd)
  const shift = g.subtract(column(g, beta), g.multiply(gain, mean))
  const unbiased = g.scale(variance, positions / Math.max(positions - 1, 1))
  return { mean, rstd, gain, shift, unbiased, positions }
}

/** [C] as [C, 1] */
export const column = (g: Emitter, vector: OnnxTensor): OnnxTensor => g.reshape(vector, [sizeOf(vector.shape), 1])

/**
 * The part of a batch norm's gradient that is linear in its input x: dL/dx = a·(dy + slope·x + offset), with
 *
 *   slope = −r·dγ/M       offset = −dβ/M − slope·μ
 */
export function normGradient(
  g: Emitter,
  { rstd, mean, positions }: Norm,
  dGamma: OnnxTensor,
  dBeta: OnnxTensor,
): { readonly slope: OnnxTensor; readonly offset: OnnxTensor } {
  const slope = g.multiply(rstd, g.scale(dGamma, -1 / positions))
  return { slope, offset: g.subtract(g.scale(dBeta, -1 / positions), g.multiply(slope, mean)) }
}

/** dγ = r·(Σdy·x − μ·Σdy) */
export function gammaGradient(g: Emitter, { rstd, mean }: Norm, dot: OnnxTensor, sum: OnnxTensor): OnnxTensor {
  return g.multiply(rstd, g.subtract(dot, g.multiply(mean, sum)))
}

import type { OnnxTensor } from '../onnx/tensor.js'
import type { Value } from '../ops/value.js'
import { broadcastGradient, type CompositeReverseSite, type CompositeSite, wholeGradient } from './composite.js'
import {
  type Activation,
  activationMask,
  channelMean,
  matrix,
  negativeMean,
  outerProduct,
  perImage,
  pointwise,
  positionsOf,
  scalePerChannel,
  scalePerImage,
} from './lanes.js'
import { column, giveNormGradient, giveStatistics, norm, normGradient } from './norm.js'

/** Nodes of a product with batch norm and activation behind it. */
export interface ExpansionNodes {
  readonly conv: string
  readonly norm: string
  readonly epsilon: number
  readonly activation: Activation
}

export interface ExpansionInput {
  /** The narrow map [K, …]. */
  readonly whole: OnnxTensor
  /** The same positions cut into the parts that are expanded one by one; [whole] where there is one. */
  readonly parts: readonly OnnxTensor[]
  /** Mean of `whole` [K, 1] where it is known. */
  readonly mean?: OnnxTensor | undefined
  /** W [C, K] */
  readonly weights: OnnxTensor
}

export interface Expansion {
  /** z per part. */
  readonly outputs: readonly OnnxTensor[]
  /** From dL/dz per part: dW [C, K] and the way to du. */
  reverse(site: CompositeReverseSite, gradients: readonly Value[]): ExpansionGradient
}

export interface ExpansionGradient {
  readonly weights: OnnxTensor
  /** dL/du per part without the constant, which is `pending` [K, 1]. `addends` (per part) are added in the same pass. */
  input(addend: OnnxTensor | null): { readonly parts: readonly OnnxTensor[]; readonly pending: OnnxTensor }
}

/**
 * A narrow map u [K, M] made wide: product, batch norm, activation. Its reverse never goes over the wide product again: what batch norm's
 * gradient needs of it follows from the narrow map's covariance.
 *
 *   v = W·u       μ = Σv/M, σ² = Σv²/M − μ², a = γ/√(σ² + ε)       z = act(a·v + β − a·μ)
 *
 *   dm = dz∘mask(z)       s = −Σdm/M       G = dm·uᵀ       r = 1/√(σ² + ε)
 *   dβ = −M·s       dγ = r·(rowsum(W∘G) − μ·dβ)
 *   b = −r·dγ/M       c = s − b·μ       (dv = a·(dm + b·v + c))
 *   dW = a∘(G + b∘(W·cov) + M·s·ūᵀ)       cov = u·uᵀ − M·ū·ūᵀ
 *   du = (a∘W)ᵀ·(dm + (b∘W)·u + c)
 *
 * The last, a constant per channel, is left pending: the batch norm in front of u hardly sees it.
 */
export function expand(site: CompositeSite, nodes: ExpansionNodes, input: ExpansionInput): Expansion {
  const { g } = site
  const { whole, parts, weights } = input
  const positions = positionsOf(whole)
  const narrow = matrix(g, whole)
  const mean = input.mean ?? channelMean(g, whole)
  const squares = g.gemm(narrow, narrow, { transB: true })
  const covariance = g.gemm(mean, mean, { transB: true, alpha: -positions, bias: squares })
  const spread = g.gemm(weights, covariance)
  const products = parts.map((part) => pointwise(g, weights, part))
  const gamma = site.parameter(nodes.norm, 'gamma')
  const bn = norm(g, products, gamma, site.parameter(nodes.norm, 'beta'), nodes.epsilon)
  giveStatistics(site, nodes.norm, bn)
  const { activation } = nodes
  const outputs = products.map((product) => scalePerChannel(g, product, bn.gain, bn.shift, { activation }))
  // Everything that needs only forward values is emitted here: onnxruntime computes it where its inputs are still warm.
  const masks = outputs.map((output) => activationMask(g, output, activation))
  const backWeights = g.transpose(g.multiply(weights, bn.gain), [1, 0])

  return {
    outputs,
    reverse(reverse, gradients) {
      const dms = masks.map((mask, i) => maskedGradient(site, mask, gradients[i]!))
      const meanGradient = negativeMean(g, dms)
      const outer = dms.map((dm, i) => outerProduct(g, dm, parts[i]!)).reduce((a, b) => g.add(a, b))
      const gradient = normGradient(g, bn, meanGradient, g.multiply(weights, outer))
      giveNormGradient(reverse, nodes.norm, bn, gradient)
      const { slope, offset } = gradient
      const withSlope = g.add(outer, g.multiply(spread, slope))
      const centred = g.gemm(meanGradient, mean, { transB: true, alpha: positions, bias: withSlope })
      return {
        weights: g.multiply(centred, bn.gain),
        input(addend) {
          const square = g.gemm(backWeights, g.multiply(weights, slope))
          const inputParts = dms.map((dm, i) =>
            pointwise(g, backWeights, dm, pointwise(g, square, parts[i]!, addend ?? undefined)),
          )
          return { parts: inputParts, pending: g.gemm(backWeights, offset) }
        },
      }
    },
  }
}

/** dz∘mask; a gradient that is one number per image (a mean's) scales the mask instead of being spread out first. */
function maskedGradient(site: CompositeSite, mask: OnnxTensor, gradient: Value): OnnxTensor {
  const { g } = site
  const perMap = broadcastGradient(site, gradient, mask)
  if (perMap) return scalePerImage(g, mask, perImage(g, perMap))
  return g.multiply(wholeGradient(site, gradient, mask), mask)
}

/** The sum of two pending constants. */
export function addPending({ g }: CompositeSite, a: OnnxTensor, b: OnnxTensor | undefined): OnnxTensor {
  return b ? g.add(a, column(g, b)) : a
}

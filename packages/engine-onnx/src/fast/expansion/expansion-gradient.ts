import type { Emitter } from '../../onnx/emitter.js'
import type { OnnxTensor } from '../../onnx/tensor.js'
import type { Value } from '../../ops/value.js'
import { broadcastGradient, type CompositeSite, wholeGradient } from '../composite.js'
import {
  channelMean,
  imageDots,
  matrix,
  negativeMean,
  outerProduct,
  perImage,
  pointwise,
  positionsOf,
  scalePerChannel,
  scalePerImage,
} from '../lanes.js'
import { giveNormGradient, type Norm, normGradient } from '../norm.js'
import type { Expansion, ExpansionInput } from './expansion.js'

/** What the gradient of an expansion needs of its forward pass. */
export interface Expanded {
  readonly site: CompositeSite
  /** Node of the batch norm. */
  readonly norm: string
  readonly input: ExpansionInput
  /** v per part. */
  readonly products: readonly OnnxTensor[]
  readonly bn: Norm
  /** Of the activation, per part. */
  readonly masks: readonly OnnxTensor[]
  /** (a∘W)ᵀ [K, C] */
  readonly backWeights: OnnxTensor
}

/** What batch norm's gradient needs of the wide map, from the narrow one. */
export interface Covariance {
  /** ū [K, 1] */
  readonly mean: OnnxTensor
  /** W·cov [C, K] */
  readonly weighted: OnnxTensor
}

/** cov = u·uᵀ − M·ū·ūᵀ: M times the covariance of the narrow map's channels. */
export function covarianceOf(g: Emitter, { whole, weights, mean = channelMean(g, whole) }: ExpansionInput): Covariance {
  const narrow = matrix(g, whole)
  const squares = g.gemm(narrow, narrow, { transB: true })
  const covariance = g.gemm(mean, mean, { transB: true, alpha: -positionsOf(whole), bias: squares })
  return { mean, weighted: g.gemm(weights, covariance) }
}

/**
 * Without another pass over v:
 *
 *   dm = dz∘mask(z)       G = dm·uᵀ       dβ = Σ dm       dγ = r·(rowsum(W∘G) − μ·dβ)
 *   b = −r·dγ/M       c = −dβ/M − b·μ       (dv = a·(dm + b·v + c))
 *   dW = a∘(G + b∘(W·cov) − dβ·ūᵀ)       cov = u·uᵀ − M·ū·ūᵀ
 *   du = (a∘W)ᵀ·(dm + (b∘W)·u + c)
 *
 * The last, a constant per channel, is left pending: the batch norm in front of u hardly sees it.
 */
export function viaCovariance(expanded: Expanded, { mean, weighted }: Covariance): Expansion['reverse'] {
  const { site, norm, input, bn, backWeights } = expanded
  const { g } = site
  const { parts, weights } = input
  return (reverse, gradients) => {
    const dms = maskedGradients(expanded, gradients)
    const negativeDBeta = negativeMean(g, dms)
    const outer = outerProducts(g, dms, parts)
    const gradient = normGradient(g, bn, negativeDBeta, g.multiply(weights, outer))
    giveNormGradient(reverse, norm, bn, gradient)
    const withSlope = g.add(outer, g.multiply(weighted, gradient.slope))
    const centred = g.gemm(negativeDBeta, mean, { transB: true, alpha: bn.positions, bias: withSlope })
    return {
      weights: g.multiply(centred, bn.gain),
      input(addend) {
        const square = g.gemm(backWeights, g.multiply(weights, gradient.slope))
        const inputParts = dms.map((dm, i) => pointwise(g, backWeights, dm, pointwise(g, square, parts[i]!, addend ?? undefined)))
        return { parts: inputParts, pending: g.gemm(backWeights, gradient.offset) }
      },
    }
  }
}

/**
 * Over the wide map once more, as `projectNorm` does:
 *
 *   dm, b and c as above       dγ = r·(Σ dm·v − μ·dβ)       e = dm + b·v + c       dW = a∘(e·uᵀ)       du = (a∘W)ᵀ·e
 */
export function viaWideMap(expanded: Expanded): Expansion['reverse'] {
  const { site, norm, input, products, bn, backWeights } = expanded
  const { g } = site
  return (reverse, gradients) => {
    const dms = maskedGradients(expanded, gradients)
    const dots = g.concat(
      dms.map((dm, i) => imageDots(g, dm, products[i]!)),
      1,
    )
    const gradient = normGradient(g, bn, negativeMean(g, dms), dots)
    giveNormGradient(reverse, norm, bn, gradient)
    const { slope, offset } = gradient
    const es = dms.map((dm, i) => scalePerChannel(g, products[i]!, slope, offset, { addend: dm }))
    const outer = outerProducts(g, es, input.parts)
    return {
      weights: g.multiply(outer, bn.gain),
      input: (addend) => ({ parts: es.map((e) => pointwise(g, backWeights, e, addend ?? undefined)) }),
    }
  }
}

/** Σ a·bᵀ over the parts of two maps. */
const outerProducts = (g: Emitter, as: readonly OnnxTensor[], bs: readonly OnnxTensor[]): OnnxTensor =>
  as.map((a, i) => outerProduct(g, a, bs[i]!)).reduce((sum, product) => g.add(sum, product))

const maskedGradients = ({ site, masks }: Expanded, gradients: readonly Value[]): readonly OnnxTensor[] =>
  masks.map((mask, i) => maskedGradient(site, mask, gradients[i]!))

/** dz∘mask; a gradient that is one number per image (a mean's) scales the mask instead of being spread out first. */
function maskedGradient(site: CompositeSite, mask: OnnxTensor, gradient: Value): OnnxTensor {
  const { g } = site
  const perMap = broadcastGradient(site, gradient, mask)
  if (perMap) return scalePerImage(g, mask, perImage(g, perMap))
  return g.multiply(wholeGradient(site, gradient, mask), mask)
}

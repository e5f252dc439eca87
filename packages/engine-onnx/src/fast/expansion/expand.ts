import type { CompositeSite } from '../composite.js'
import { activationMask, channelsOf, pointwise, positionsOf, scalePerChannel } from '../lanes.js'
import { giveStatistics, norm } from '../norm.js'
import type { Expansion, ExpansionInput, ExpansionNodes } from './expansion.js'
import { covarianceOf, viaCovariance, viaWideMap } from './expansion-gradient.js'

/**
 * What it takes to read or write an element of a wide map five more times, in multiply-adds: two cores with AVX-512 move about 45 GB/s and do
 * about 125 thousand million multiply-adds a second.
 */
const wideElementCost = 55

/**
 * A narrow map u [K, M] made wide: product, batch norm, activation.
 *
 *   v = W·u       μ = Σv/M, σ² = Σv²/M − μ², a = γ/√(σ² + ε)       z = act(a·v + β − a·μ)
 */
export function expand(site: CompositeSite, nodes: ExpansionNodes, input: ExpansionInput): Expansion {
  const { g } = site
  const { whole, parts, weights, inputGradient } = input
  const size = { channels: channelsOf(weights), narrow: channelsOf(whole), positions: positionsOf(whole), inputGradient }
  const covariance = isWideMapCheaper(size) ? null : covarianceOf(g, input)
  const products = parts.map((part) => pointwise(g, weights, part))
  const gamma = site.parameter(nodes.norm, 'gamma')
  const bn = norm(g, products, gamma, site.parameter(nodes.norm, 'beta'), nodes.epsilon)
  giveStatistics(site, nodes.norm, bn)
  const { activation } = nodes
  const outputs = products.map((product) => scalePerChannel(g, product, bn.gain, bn.shift, { activation }))
  // Everything that needs only forward values is emitted here: onnxruntime computes it where its inputs are still warm.
  const masks = outputs.map((output) => activationMask(g, output, activation))
  const backWeights = g.transpose(g.multiply(weights, bn.gain), [1, 0])
  const expanded = { site, norm: nodes.norm, input, products, bn, masks, backWeights }
  return { outputs, reverse: covariance ? viaCovariance(expanded, covariance) : viaWideMap(expanded) }
}

export interface ExpansionSize {
  /** C */
  readonly channels: number
  /** K */
  readonly narrow: number
  /** M */
  readonly positions: number
  /** Whether dL/du is asked for. */
  readonly inputGradient: boolean
}

/**
 * Few positions and many channels, as at the end of a network. In multiply-adds, the covariance costs u·uᵀ (K²·M) and W·cov (C·K²), and as much
 * again on the way to du.
 */
export function isWideMapCheaper({ channels, narrow, positions, inputGradient }: ExpansionSize): boolean {
  const products = narrow * narrow * (channels + positions) * (inputGradient ? 2 : 1)
  return products > wideElementCost * channels * positions
}

import type { OnnxTensor } from '../../onnx/tensor.js'
import { type CompositeReverseSite, type CompositeSite, wholeGradient } from '../composite.js'
import { type Activation, activationMask, imageDots, negativeMean, scalePerChannel } from '../lanes.js'
import { giveNormGradient, giveStatistics, norm, normGradient } from '../norm.js'
import { depthwiseForward, depthwiseInputGradient, depthwiseKernelGradient, flippedKernels } from './depthwise.js'
import type { DepthwisePlan } from './depthwise-plan.js'

/** Nodes of a depthwise convolution with batch norm and activation behind it. */
export interface FilteringNodes {
  readonly depthwise: string
  readonly norm: string
  readonly epsilon: number
  readonly activation: Activation
  readonly plan: DepthwisePlan
}

export interface Filtering {
  readonly output: OnnxTensor
  /** dL/dx per part of the plan. */
  reverse(site: CompositeReverseSite): readonly OnnxTensor[]
}

/**
 * Depthwise convolution, batch norm, activation; x is one map per part of the plan.
 *
 *   y = x ⋆ w       a = γ·r, r = 1/√(σ² + ε)       z = act(a·y + β − a·μ)
 *
 *   dm = dz∘mask(z)       dβ = Σ dm       dγ = r·(Σ dm·y − μ·dβ)
 *   e = dm + b·y + c       b = −r·dγ/M       c = −dβ/M − b·μ       (dy = a·e)
 *   dw = a·(x ⋆ e)       dx = e ⋆ flip(a·w)
 */
export function filter(site: CompositeSite, nodes: FilteringNodes, xs: readonly OnnxTensor[]): Filtering {
  const { g, parameter } = site
  const { plan, activation } = nodes
  const kernel = parameter(nodes.depthwise, 'kernel')
  const weights = g.reshape(kernel, [kernel.shape[0]!, kernel.shape[2]! * kernel.shape[3]!])
  const y = depthwiseForward(g, plan, xs, weights)
  const bn = norm(g, [y], parameter(nodes.norm, 'gamma'), parameter(nodes.norm, 'beta'), nodes.epsilon)
  giveStatistics(site, nodes.norm, bn)
  const flipped = flippedKernels(g, plan, g.multiply(weights, bn.gain), y)
  const output = scalePerChannel(g, y, bn.gain, bn.shift, { activation })
  const mask = activationMask(g, output, activation)
  return {
    output,
    reverse(reverse) {
      const dm = g.multiply(wholeGradient(site, reverse.outputGradient, output), mask)
      const gradient = normGradient(g, bn, negativeMean(g, [dm]), imageDots(g, dm, y))
      giveNormGradient(reverse, nodes.norm, bn, gradient)
      const e = scalePerChannel(g, y, gradient.slope, gradient.offset, { addend: dm })
      const dWeights = g.multiply(depthwiseKernelGradient(g, plan, xs, e), bn.gain)
      reverse.parameterGradient(nodes.depthwise, 'kernel', dWeights)
      return depthwiseInputGradient(g, plan, e, flipped, dWeights)
    },
  }
}

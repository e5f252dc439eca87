import { blocked, type Value } from '../../ops/value.js'
import { type Composite, type CompositeReverseSite, type CompositeSite, kernelMatrix } from '../composite.js'
import { after, imageDots, negativeMean, outerProduct, pointwise, scalePerChannel } from '../lanes.js'
import { column, giveNormGradient, giveStatistics, norm, normGradient } from '../norm.js'

export interface ProjectNormNodes {
  readonly conv: string
  readonly norm: string
  readonly epsilon: number
  readonly input: string
  /** The sum with the skip, where there is one. */
  readonly skip?: { readonly add: string; readonly input: string }
}

/**
 * conv2d 1x1 → batchNorm without activation (→ add a skip).
 *
 *   p = W·h       a = γ·r, r = 1/√(σ² + ε)       y = a·p + β − a·μ (+ skip)
 *
 *   dβ = Σ dy       dγ = r·(Σ dy·p − μ·dβ)
 *   e = dy + b·p + c       b = −r·dγ/M       c = −dβ/M − b·μ       (dp = a·e)
 *   dW = a∘(e·hᵀ)       dh = (a∘W)ᵀ·e       dskip = dy
 *
 * A pending constant q of dy changes dβ by M·q and nothing else. The mean of y is known without summing: β (+ the skip's).
 */
export function projectNorm(nodes: ProjectNormNodes): Composite {
  const { conv, skip } = nodes
  return {
    id: skip?.add ?? nodes.norm,
    inputs: skip ? [nodes.input, skip.input] : [nodes.input],
    nodes: skip ? [conv, nodes.norm, skip.add] : [conv, nodes.norm],
    forward(site) {
      const { g, layout, inputs, parameter } = site
      const weights = kernelMatrix(site, conv)
      const h = blocked(g, inputs[0]!, layout)
      const p = pointwise(g, weights, h)
      const beta = parameter(nodes.norm, 'beta')
      const bn = norm(g, [p], parameter(nodes.norm, 'gamma'), beta, nodes.epsilon)
      giveStatistics(site, nodes.norm, bn)
      const addend = skip && g.expand(blocked(g, inputs[1]!, layout), p.shape)
      const tensor = scalePerChannel(g, p, bn.gain, bn.shift, { addend })
      return { output: { tensor, layout, ...meanOf(site, beta, skip && inputs[1]) }, reverse }

      function reverse(reverseSite: CompositeReverseSite): readonly (Value | null)[] {
        const { outputGradient, needed } = reverseSite
        const { pending } = outputGradient
        const dy = g.expand(blocked(g, { tensor: outputGradient.tensor, layout: outputGradient.layout }, layout), p.shape)
        const gradient = normGradient(g, bn, negativeMean(g, [dy]), imageDots(g, dy, p))
        const { negativeDBeta, slope, offset } = gradient
        const settled = pending ? g.subtract(negativeDBeta, pending) : negativeDBeta
        giveNormGradient(reverseSite, nodes.norm, bn, { ...gradient, negativeDBeta: settled })
        const e = scalePerChannel(g, p, slope, offset, { addend: dy })
        const outer = outerProduct(g, e, h)
        reverseSite.parameterGradient(conv, 'kernel', g.multiply(outer, bn.gain))
        const backWeights = g.transpose(g.multiply(weights, after(g, bn.gain, outer)), [1, 0])
        const dh = needed[0] ? { tensor: pointwise(g, backWeights, e), layout } : null
        return skip ? [dh, needed[1] ? outputGradient : null] : [dh]
      }
    },
  }
}

function meanOf({ g }: CompositeSite, beta: Parameters<typeof column>[1], skip: Value | undefined): Pick<Value, 'mean'> {
  if (!skip) return { mean: column(g, beta) }
  return skip.mean ? { mean: g.add(column(g, beta), skip.mean) } : {}
}

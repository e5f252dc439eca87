import { blocked } from '../../ops/value.js'
import type { Composite } from '../composite.js'
import { type FilteringNodes, filter } from '../depthwise/filter.js'

export interface DepthwiseNormReluNodes extends FilteringNodes {
  readonly output: string
  readonly input: string
}

/** depthwiseConv2d → batchNorm → relu or relu6; the mathematics stand with `filter`. */
export function depthwiseNormRelu(nodes: DepthwiseNormReluNodes): Composite {
  return {
    id: nodes.output,
    inputs: [nodes.input],
    nodes: [nodes.depthwise, nodes.norm, nodes.output],
    forward(site) {
      const { g, layout, inputs } = site
      const filtering = filter(site, nodes, [blocked(g, inputs[0]!, layout)])
      return {
        output: { tensor: filtering.output, layout },
        reverse(reverse) {
          const [tensor] = filtering.reverse(reverse)
          return [reverse.needed[0] ? { tensor: tensor!, layout } : null]
        },
      }
    },
  }
}

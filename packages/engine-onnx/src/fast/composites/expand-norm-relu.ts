import { blocked } from '../../ops/value.js'
import { addPending, type Composite, collected, kernelMatrix } from '../composite.js'
import { expand } from '../expansion/expand.js'
import type { ExpansionNodes } from '../expansion/expansion.js'

export interface ExpandNormReluNodes extends ExpansionNodes {
  readonly output: string
  readonly input: string
}

/** conv2d 1x1 → batchNorm → relu or relu6; the mathematics stand with `expand`. */
export function expandNormRelu(nodes: ExpandNormReluNodes): Composite {
  return {
    id: nodes.output,
    inputs: [nodes.input],
    nodes: [nodes.conv, nodes.norm, nodes.output],
    forward(site) {
      const { g, layout, inputs } = site
      const input = inputs[0]!
      const whole = blocked(g, input, layout)
      const weights = kernelMatrix(site, nodes.conv)
      const expansion = expand(site, nodes, { whole, parts: [whole], mean: input.mean, weights, inputGradient: true })
      return {
        output: { tensor: expansion.outputs[0]!, layout },
        reverse(reverse) {
          const gradient = expansion.reverse(reverse, [reverse.outputGradient])
          reverse.parameterGradient(nodes.conv, 'kernel', gradient.weights)
          if (!reverse.needed[0]) return [null]
          const { addend, pending } = collected(site, reverse.collect(0), whole)
          const dInput = gradient.input(addend)
          return [{ tensor: dInput.parts[0]!, layout, ...addPending(g, dInput.pending, pending) }]
        },
      }
    },
  }
}

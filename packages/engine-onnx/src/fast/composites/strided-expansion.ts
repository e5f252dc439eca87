import type { Emitter } from '../../onnx/emitter.js'
import type { OnnxTensor } from '../../onnx/tensor.js'
import { blocked } from '../../ops/value.js'
import { addPending, type Composite, collected, kernelMatrix } from '../composite.js'
import { cut } from '../cut.js'
import type { DepthwisePlan } from '../depthwise/depthwise-plan.js'
import { type FilteringNodes, filter } from '../depthwise/filter.js'
import { expand } from '../expansion/expand.js'
import type { ExpansionNodes } from '../expansion/expansion.js'

export interface StridedExpansionNodes {
  readonly input: string
  readonly output: string
  /** Its output is read by the depthwise convolution alone. */
  readonly expansion: ExpansionNodes & { readonly output: string }
  readonly filtering: FilteringNodes
}

/**
 * Expansion → depthwise convolution of stride 2 on an even map, in phases: the narrow input u is cut into its even and odd rows and columns
 * before it is made wide, so that the wide maps are never cut and the gradient of the stride needs no zeros.
 *
 *   z_αβ = expand(u_αβ)       y = Σ z_αβ ⋆ w_αβ       du = the du_αβ interleaved
 */
export function stridedExpansion(nodes: StridedExpansionNodes): Composite {
  const { expansion, filtering } = nodes
  return {
    id: nodes.output,
    inputs: [nodes.input],
    nodes: [expansion.conv, expansion.norm, expansion.output, filtering.depthwise, filtering.norm, nodes.output],
    forward(site) {
      const { g, layout, inputs } = site
      const input = inputs[0]!
      const whole = blocked(g, input, layout)
      const parts = phasesOf(g, whole, filtering.plan)
      const weights = kernelMatrix(site, expansion.conv)
      const wide = expand(site, expansion, { whole, parts, mean: input.mean, weights, inputGradient: true })
      const filtered = filter(site, filtering, wide.outputs)
      return {
        output: { tensor: filtered.output, layout },
        reverse(reverse) {
          const gradients = filtered.reverse(reverse).map((tensor) => ({ tensor, layout }))
          const gradient = wide.reverse(reverse, gradients)
          reverse.parameterGradient(expansion.conv, 'kernel', gradient.weights)
          if (!reverse.needed[0]) return [null]
          const dInput = gradient.input(null)
          const { addend, pending } = collected(site, reverse.collect(0), whole)
          const joined = interleaved(g, dInput.parts)
          const tensor = addend ? g.add(joined, addend) : joined
          return [{ tensor, layout, ...addPending(g, dInput.pending, pending) }]
        },
      }
    },
  }
}

function phasesOf(g: Emitter, x: OnnxTensor, { parts, output }: DepthwisePlan): readonly OnnxTensor[] {
  return parts.map(({ phase }) => cut(g, x, { first: phase!, steps: [2, 2], sides: output }))
}

/** Four phases, rows before columns, back in one map: concatenations in units of whole blocks and whole lines. */
function interleaved(g: Emitter, phases: readonly OnnxTensor[]): OnnxTensor {
  const [channels, blocks, height, width, block] = phases[0]!.shape as [number, number, number, number, number]
  const lines = channels * blocks * height
  const rows = [0, 2].map((first) => {
    const columns = [first, first + 1].map((phase) => g.reshape(phases[phase]!, [lines * width, block]))
    return g.reshape(g.concat(columns, 1), [lines, 2 * width * block])
  })
  return g.reshape(g.concat(rows, 1), [channels, blocks, 2 * height, 2 * width, block])
}

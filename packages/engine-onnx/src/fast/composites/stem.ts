import type { Window } from '@mnas/core/contracts'
import type { Emitter } from '../../onnx/emitter.js'
import type { OnnxTensor } from '../../onnx/tensor.js'
import { blocked } from '../../ops/value.js'
import type { Composite } from '../composite.js'
import { cutAll, type Grid } from '../cut.js'
import { expand } from '../expansion/expand.js'
import type { ExpansionNodes } from '../expansion/expansion.js'

export interface StemNodes extends ExpansionNodes {
  readonly output: string
  /** A graph input: it needs no gradient. */
  readonly input: string
  readonly window: Window
  /** [height, width] of the output. */
  readonly sides: readonly [number, number]
}

/**
 * The first convolution → batchNorm → relu or relu6, as an expansion of the image's windows:
 *
 *   u = per tap of the kernel the positions of the padded image that it meets, [kh·kw·K, M]       z = as `expand` has it       no du
 */
export function stem(nodes: StemNodes): Composite {
  return {
    id: nodes.output,
    inputs: [nodes.input],
    nodes: [nodes.conv, nodes.norm, nodes.output],
    forward(site) {
      const { g, layout, inputs, parameter } = site
      const windows = unfold(g, blocked(g, inputs[0]!, layout), nodes)
      const kernel = parameter(nodes.conv, 'kernel')
      const [filters, channels, height, width] = kernel.shape as [number, number, number, number]
      const taps = height * width * channels
      const weights = g.reshape(g.transpose(kernel, [0, 2, 3, 1]), [filters, taps])
      const expansion = expand(site, nodes, { whole: windows, parts: [windows], weights, inputGradient: false })
      return {
        output: { tensor: expansion.outputs[0]!, layout },
        reverse(reverse) {
          const gradient = expansion.reverse(reverse, [reverse.outputGradient]).weights
          const dKernel = g.transpose(g.reshape(gradient, [filters, height, width, channels]), [0, 3, 1, 2])
          reverse.parameterGradient(nodes.conv, 'kernel', dKernel)
          return [null]
        },
      }
    },
  }
}

/** The windows of x [K, N/B, H, W, B] as [kh·kw·K, N/B, H', W', B]. */
function unfold(g: Emitter, x: OnnxTensor, { window: { kernel, strides, padding }, sides }: StemNodes): OnnxTensor {
  const [top, bottom, left, right] = padding
  const padded = g.pad(x, [0, 0, top, left, 0], [0, 0, bottom, right, 0])
  const taps = Array.from({ length: kernel[0] * kernel[1] }, (_, tap): Grid => {
    return { first: [Math.floor(tap / kernel[1]), tap % kernel[1]], steps: strides, sides }
  })
  return cutAll(g, padded, taps)
}

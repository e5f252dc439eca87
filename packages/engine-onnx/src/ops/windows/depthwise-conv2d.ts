import type { Emitter } from '../../onnx/emitter.js'
import { type OnnxTensor, sizeOf } from '../../onnx/tensor.js'
import { defineOperator } from '../operator.js'
import { image, imageValue } from '../value.js'
import { depthwise, depthwiseInputGradient, depthwiseKernelGradient } from './depthwise-kernels.js'

/**
 * Depthwise convolution: each channel with its own kernel.
 *
 *   y = x ⋆ w + b       dw = the correlation of x with dy       db = Σ dy       dx = the transposed convolution of dy with w
 *
 * Shapes: x [C, N, H, W], w [C, 1, kh, kw], y, dy [C, N, H', W'].
 */
export const depthwiseConv2d = defineOperator('depthwiseConv2d', {
  forward({ g, node, inputs, parameter }) {
    const x = image(g, inputs[0]!)
    const sides = [node.shape[0]!, node.shape[1]!] as const
    const y = depthwise(g, x, parameter('kernel'), node.attributes, sides)
    const output = node.attributes.bias ? g.add(y, perChannel(g, parameter('bias'))) : y
    return { output: imageValue(output), saved: x }
  },
  gradient({ g, node, saved: x, outputGradient, needed, trains, parameter, parameterGradient }) {
    const dy = image(g, outputGradient)
    if (trains('bias')) {
      const rows = g.reshape(dy, [dy.shape[0]!, sizeOf(dy.shape.slice(1))])
      parameterGradient('bias', g.reshape(g.sum(rows, [1]), [dy.shape[0]!]))
    }
    if (trains('kernel')) parameterGradient('kernel', depthwiseKernelGradient(g, x, dy, node.attributes))
    if (!needed[0]) return [null]
    return [imageValue(depthwiseInputGradient(g, dy, parameter('kernel'), node.attributes, [x.shape[2]!, x.shape[3]!]))]
  },
})

const perChannel = (g: Emitter, vector: OnnxTensor): OnnxTensor => g.reshape(vector, [vector.shape[0]!, 1, 1, 1])

import type { Window } from '@mnas/core/contracts'
import type { Emitter, Window2d } from '../../onnx/emitter.js'
import { type OnnxTensor, sizeOf } from '../../onnx/tensor.js'
import { defineOperator } from '../operator.js'
import { channelMajor, image, imageValue, inLayout } from '../value.js'
import { windowOf } from './window.js'

/**
 * Convolution as one matrix product over all positions of all images.
 *
 *   U = the windows of x       y = W·U + b       dW = dy·Uᵀ       db = Σ dy       dx = the transposed convolution of dy
 *
 * Shapes: x [K, N, H, W]; U [kh·kw·K, M] with M = N·H'·W'; W [C, kh·kw·K]; y, dy [C, M]. For a 1x1 window U is x itself and dx = Wᵀ·dy.
 */
export const conv2d = defineOperator('conv2d', {
  forward({ g, node, inputs, parameter }) {
    const { attributes } = node
    const { tensor: x, layout } = isPointwise(attributes) ? channelMajor(g, inputs[0]!) : imageValue(image(g, inputs[0]!))
    const windows = isPointwise(attributes) ? x : unfold(g, x, attributes, node.shape)
    const kernel = kernelMatrix(g, parameter('kernel'))
    const bias = attributes.bias ? parameter('bias') : undefined
    const product = pointwise(g, g.reshape(windows, [windows.shape[0]!, sizeOf(windows.shape.slice(1))]), kernel, bias)
    const output = g.reshape(product, [attributes.filters, ...windows.shape.slice(1)])
    return { output: { tensor: output, layout }, saved: { x, windows, kernel } }
  },
  gradient({ g, node, saved: { x, windows, kernel }, output, outputGradient, needed, trains, parameter, parameterGradient }) {
    const { attributes } = node
    const dy = inLayout(g, outputGradient, output.layout)
    const dyMatrix = g.reshape(dy, [dy.shape[0]!, sizeOf(dy.shape.slice(1))])
    if (trains('bias')) parameterGradient('bias', g.reshape(g.sum(dyMatrix, [1]), [attributes.filters]))
    if (trains('kernel')) {
      const matrix = g.gemm(dyMatrix, g.reshape(windows, [windows.shape[0]!, dyMatrix.shape[1]!]), { transB: true })
      parameterGradient('kernel', fromKernelMatrix(g, matrix, parameter('kernel').shape))
    }
    if (!needed[0]) return [null]
    if (isPointwise(attributes)) {
      const dx = pointwise(g, dyMatrix, g.transpose(kernel, [1, 0]))
      return [{ tensor: g.reshape(dx, x.shape), layout: output.layout }]
    }
    const dyImages = g.transpose(dy, [1, 0, 2, 3])
    const dx = g.convTranspose(dyImages, parameter('kernel'), windowOf(attributes), [x.shape[2]!, x.shape[3]!])
    return [imageValue(g.transpose(dx, [1, 0, 2, 3]))]
  },
})

/** W·x for W [C, K] and x [K, M], as a 1x1 convolution: onnxruntime spreads it over the threads better than a Gemm. */
function pointwise(g: Emitter, x: OnnxTensor, weights: OnnxTensor, bias?: OnnxTensor): OnnxTensor {
  const [inner, columns] = x.shape as [number, number]
  const rows = weights.shape[0]!
  const window: Window2d = { kernel: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0] }
  const y = g.conv(g.reshape(x, [1, inner, columns, 1]), g.reshape(weights, [rows, inner, 1, 1]), window, 1, bias)
  return g.reshape(y, [rows, columns])
}

const isPointwise = ({ kernel, strides, padding }: Window): boolean =>
  [...kernel, ...strides].every((n) => n === 1) && !padding.some(Boolean)

/** The windows of x [K, N, H, W] as [kh·kw·K, N, H', W']: one strided slice per tap, without copies for a 1x1 window. */
function unfold(g: Emitter, x: OnnxTensor, { kernel, strides, padding }: Window, [height, width]: readonly number[]): OnnxTensor {
  const [top, bottom, left, right] = padding
  const padded = g.pad(x, [0, 0, top, left], [0, 0, bottom, right])
  const taps: OnnxTensor[] = []
  for (let row = 0; row < kernel[0]; row++) {
    for (let column = 0; column < kernel[1]; column++) {
      const ends = [row + (height! - 1) * strides[0] + 1, column + (width! - 1) * strides[1] + 1]
      taps.push(g.slice(padded, [2, 3], [row, column], ends, strides))
    }
  }
  return g.concat(taps, 0)
}

/** [C, K, kh, kw] → [C, kh·kw·K] */
function kernelMatrix(g: Emitter, kernel: OnnxTensor): OnnxTensor {
  const [filters, ...rest] = kernel.shape
  return g.reshape(g.transpose(kernel, [0, 2, 3, 1]), [filters!, sizeOf(rest)])
}

function fromKernelMatrix(g: Emitter, matrix: OnnxTensor, [filters, channels, height, width]: readonly number[]): OnnxTensor {
  return g.transpose(g.reshape(matrix, [filters!, height!, width!, channels!]), [0, 3, 1, 2])
}

import { sizeOf } from '../onnx/tensor.js'
import { defineOperator } from './operator.js'
import { plain, plainValue } from './value.js'

/**
 * Fully connected layer over the last axis.
 *
 *   y = x·Wᵀ + b       dW = dyᵀ·x       db = Σ dy       dx = dy·W
 *
 * Shapes: x [N, in], W [out, in], y, dy [N, out], where N also counts the other axes.
 */
export const dense = defineOperator('dense', {
  forward({ g, node, inputs, parameter }) {
    const x = plain(g, inputs[0]!)
    const rows = g.reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape.at(-1)!])
    const bias = node.attributes.bias ? { bias: parameter('bias') } : {}
    const y = g.gemm(rows, parameter('kernel'), { transB: true, ...bias })
    return { output: plainValue(g.reshape(y, [x.shape[0]!, ...node.shape])), saved: { rows, shape: x.shape } }
  },
  gradient({ g, node, saved: { rows, shape }, outputGradient, needed, trains, parameter, parameterGradient }) {
    const { units } = node.attributes
    const dy = g.reshape(plain(g, outputGradient), [rows.shape[0]!, units])
    if (trains('kernel')) parameterGradient('kernel', g.gemm(dy, rows, { transA: true }))
    if (trains('bias')) parameterGradient('bias', g.reshape(g.sum(dy, [0]), [units]))
    return [needed[0] ? plainValue(g.reshape(g.gemm(dy, parameter('kernel')), shape)) : null]
  },
})

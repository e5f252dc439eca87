import type { Op } from '@mnas/core/contracts'
import type { Emitter } from '../../onnx/emitter.js'
import type { OnnxTensor } from '../../onnx/tensor.js'
import { defineOperator, type Operator } from '../operator.js'
import { inLayout } from '../value.js'

/** An elementwise op of one input: y = f(x), dx = g(dy, x, y). Layouts pass through. */
function defineUnary<K extends Op>(
  op: K,
  forward: (g: Emitter, x: OnnxTensor) => OnnxTensor,
  gradient: (g: Emitter, dy: OnnxTensor, x: OnnxTensor, y: OnnxTensor) => OnnxTensor,
): Operator<K> {
  return defineOperator<K, null>(op, {
    forward({ g, inputs }) {
      const { tensor, layout } = inputs[0]!
      return { output: { tensor: forward(g, tensor), layout }, saved: null }
    },
    gradient({ g, inputs, output, outputGradient }) {
      const { tensor, layout } = inputs[0]!
      return [{ tensor: gradient(g, inLayout(g, outputGradient, layout), tensor, output.tensor), layout }]
    },
  })
}

const emit = (operator: string) => (g: Emitter, x: OnnxTensor) => g.unary(operator, x)

/** ln(1 + eˣ), exact to the rounding of 1; it neither overflows nor loses large x. */
export function softplusOf(g: Emitter, x: OnnxTensor): OnnxTensor {
  return g.subtract(g.unary('Relu', x), g.unary('Log', g.sigmoid(g.unary('Abs', x))))
}

/** y = max(x, 0), dx = dy where y > 0. */
export const relu = defineUnary('relu', emit('Relu'), (g, dy, _x, y) => g.multiply(dy, g.isPositive(y)))

/** y = min(max(x, 0), 6), dx = dy where 0 < y < 6. */
export const relu6 = defineUnary(
  'relu6',
  (g, x) => g.clip(x, 0, 6),
  (g, dy, _x, y) => g.multiply(g.multiply(dy, g.isPositive(y)), g.isPositive(g.subtractFrom(6, y))),
)

/** y = 1/(1 + e⁻ˣ), dx = dy·y·(1 − y). */
export const sigmoid = defineUnary('sigmoid', emit('Sigmoid'), (g, dy, _x, y) =>
  g.multiply(dy, g.multiply(y, g.subtractFrom(1, y))),
)

/**
 * y = ln(1 + eˣ) = max(x, 0) − ln sigmoid(|x|), dx = dy·sigmoid(x). onnxruntime's own Softplus takes several times as long as these five
 * passes (bench/training/README.md).
 */
export const softplus = defineUnary('softplus', softplusOf, (g, dy, x) => g.multiply(dy, g.sigmoid(x)))

/** y = eˣ, dx = dy·y. */
export const exp = defineUnary('exp', emit('Exp'), (g, dy, _x, y) => g.multiply(dy, y))

/** y = ln x, dx = dy/x. */
export const log = defineUnary('log', emit('Log'), (g, dy, x) => g.divide(dy, x))

/** y = |x|, dx = dy·sign(x), 0 at 0. */
export const abs = defineUnary('abs', emit('Abs'), (g, dy, x) => g.multiply(dy, g.unary('Sign', x)))

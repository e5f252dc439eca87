import type { Op } from '@mnas/core/contracts'
import type { Emitter } from '../../onnx/emitter.js'
import type { OnnxTensor } from '../../onnx/tensor.js'
import { defineOperator, type Operator, type OperatorDefinition } from '../operator.js'
import { aligned, commonLayout, inLayout, type Layout, rankOf, unbroadcast, type Value } from '../value.js'

interface Aligned {
  readonly layout: Layout
  readonly rank: number
  readonly tensors: readonly OnnxTensor[]
}

/** The inputs ready to broadcast: images stay as they are where one of them already is channels first or blocked. */
export function alignInputs(g: Emitter, inputs: readonly Value[]): Aligned {
  const rank = Math.max(...inputs.map(rankOf))
  const layout = commonLayout(inputs, rank)
  return { layout, rank, tensors: inputs.map((input) => aligned(g, input, rank, layout)) }
}

type Gradient = (g: Emitter, dy: OnnxTensor, a: OnnxTensor, b: OnnxTensor, y: OnnxTensor) => OnnxTensor

/** An elementwise op of two inputs that broadcast: y = f(a, b) and one gradient per input, summed over the axes it was broadcast along. */
function defineBinary<K extends Op>(
  op: K,
  forward: (g: Emitter, a: OnnxTensor, b: OnnxTensor) => OnnxTensor,
  gradients?: readonly [a: Gradient, b: Gradient],
): Operator<K> {
  const definition: OperatorDefinition<K, Aligned> = {
    forward({ g, inputs }) {
      const saved = alignInputs(g, inputs)
      return { output: { tensor: forward(g, saved.tensors[0]!, saved.tensors[1]!), layout: saved.layout }, saved }
    },
  }
  if (!gradients) return defineOperator(op, definition)
  return defineOperator(op, {
    ...definition,
    gradient({ g, inputs, needed, saved: { layout, tensors }, output, outputGradient }) {
      const [a, b] = tensors as [OnnxTensor, OnnxTensor]
      const dy = inLayout(g, outputGradient, layout)
      return inputs.map((input, i) =>
        needed[i] ? unbroadcast(g, gradients[i as 0 | 1](g, dy, a, b, output.tensor), layout, input) : null,
      )
    },
  })
}

/** y = a + b, da = dy, db = dy. */
export const add = defineBinary('add', (g, a, b) => g.add(a, b), [(_g, dy) => dy, (_g, dy) => dy])

/** y = a − b, da = dy, db = −dy. */
export const subtract = defineBinary('subtract', (g, a, b) => g.subtract(a, b), [(_g, dy) => dy, (g, dy) => g.negate(dy)])

/** y = a·b, da = dy·b, db = dy·a. */
export const multiply = defineBinary('multiply', (g, a, b) => g.multiply(a, b), [
  (g, dy, _a, b) => g.multiply(dy, b),
  (g, dy, a) => g.multiply(dy, a),
])

/** y = a/b, da = dy/b, db = −dy·y/b. */
export const divide = defineBinary('divide', (g, a, b) => g.divide(a, b), [
  (g, dy, _a, b) => g.divide(dy, b),
  (g, dy, _a, b, y) => g.negate(g.divide(g.multiply(dy, y), b)),
])

/** y = max(a, b); the gradient goes to the larger, to a where they are equal. */
export const maximum = defineBinary('maximum', (g, a, b) => g.maximum(a, b), [
  (g, dy, a, b) => g.multiply(dy, g.subtractFrom(1, g.toFloat(g.less(a, b)))),
  (g, dy, a, b) => g.multiply(dy, g.toFloat(g.less(a, b))),
])

/** y = 1 where a < b, else 0. No gradient: its derivative is 0 wherever it exists. */
export const less = defineBinary('less', (g, a, b) => g.toFloat(g.less(a, b)))

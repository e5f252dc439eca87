import type { None, Op, OpAttributes, TensorSpec, Window } from '../../contracts/index.js'
import { graphErrors } from '../errors.js'
import { broadcast } from './broadcast.js'
import { windowOutput } from './window-output.js'

type Shape = readonly number[]
/** Gives the output, or says what it expected. */
type Rule<A> = (inputs: readonly TensorSpec[], attributes: A) => TensorSpec | string

const positive = (value: number): boolean => Number.isInteger(value) && value > 0
export const elementCount = (shape: Shape): number => shape.reduce((product, length) => product * length, 1)

function like(spec: TensorSpec, shape: Shape): TensorSpec {
  return { shape, dtype: 'float32', batched: spec.batched }
}

/** A rule for ops with one operand. */
function unary<A>(rule: (x: TensorSpec, attributes: A) => TensorSpec | string): Rule<A> {
  return (inputs, attributes) => (inputs.length === 1 ? rule(inputs[0]!, attributes) : 'one operand')
}

const sameShape = unary<None>((x) => like(x, x.shape))
/** Ops that work along the last axis. */
const alongLastAxis = unary<None>((x) => (x.shape.length >= 1 ? like(x, x.shape) : 'at least one axis'))

function elementwise(operands: number): Rule<None> {
  return (inputs) => {
    if (inputs.length !== operands) return `${operands} operands`
    const shape = broadcast(inputs.map((input) => input.shape))
    if (!shape) return 'shapes that broadcast from the right'
    return { shape, dtype: 'float32', batched: inputs.some((input) => input.batched) }
  }
}

const pool = unary<Window>((x, window) => {
  const output = windowOutput(x.shape, window)
  if (typeof output === 'string') return output
  if (window.padding.some((length, side) => length >= window.kernel[side < 2 ? 0 : 1])) return 'padding smaller than the window'
  return like(x, [...output, x.shape[2]!])
})

const rules: { readonly [K in Op]: Rule<OpAttributes[K]> } = {
  conv2d: unary((x, attributes) => {
    const output = windowOutput(x.shape, attributes)
    if (typeof output === 'string') return output
    return positive(attributes.filters) ? like(x, [...output, attributes.filters]) : 'a positive number of filters'
  }),
  depthwiseConv2d: unary((x, attributes) => {
    const output = windowOutput(x.shape, attributes)
    return typeof output === 'string' ? output : like(x, [...output, x.shape[2]!])
  }),
  dense: unary((x, { units }) => {
    if (!positive(units)) return 'a positive number of units'
    return x.shape.length >= 1 ? like(x, [...x.shape.slice(0, -1), units]) : 'at least one axis'
  }),
  batchNorm: unary((x, { epsilon }) => {
    if (!(epsilon > 0)) return 'an epsilon above 0'
    return x.batched && x.shape.length >= 1 ? like(x, x.shape) : 'a batched value with at least one axis'
  }),
  dropout: unary((x, { rate }) => (rate >= 0 && rate < 1 ? like(x, x.shape) : 'a rate of at least 0 and below 1')),
  maxPool: pool,
  averagePool: pool,
  globalAveragePool: unary((x, { keepDims }) => {
    if (x.shape.length !== 3) return 'an image [height, width, channels]'
    return like(x, keepDims ? [1, 1, x.shape[2]!] : [x.shape[2]!])
  }),
  relu: sameShape,
  relu6: sameShape,
  sigmoid: sameShape,
  softplus: sameShape,
  exp: sameShape,
  log: sameShape,
  abs: sameShape,
  stopGradient: sameShape,
  softmax: alongLastAxis,
  logSoftmax: alongLastAxis,
  rank: alongLastAxis,
  add: elementwise(2),
  subtract: elementwise(2),
  multiply: elementwise(2),
  divide: elementwise(2),
  maximum: elementwise(2),
  less: elementwise(2),
  select: elementwise(3),
  concat: (inputs, { axis }) => {
    const shape = inputs[0]?.shape
    if (!shape) return 'at least one operand'
    if (!(Number.isInteger(axis) && axis >= 0 && axis < shape.length)) return 'an axis of the operands, counted from 0'
    const fits = (other: Shape) => other.length === shape.length && other.every((length, i) => i === axis || length === shape[i])
    if (!inputs.every((input) => fits(input.shape))) return `equal shapes but for axis ${axis}`
    const joined = inputs.reduce((sum, input) => sum + input.shape[axis]!, 0)
    return { shape: shape.with(axis, joined), dtype: 'float32', batched: inputs.some((input) => input.batched) }
  },
  reshape: unary((x, { shape }) => {
    const fits = shape.every(positive) && elementCount(shape) === elementCount(x.shape)
    return fits ? like(x, shape) : `as many elements as [${shape}] has`
  }),
  constant: (inputs, { values }) => {
    if (inputs.length !== 0 || values.length === 0) return 'no operands and at least one value'
    return { shape: [values.length], dtype: 'float32', batched: false }
  },
  reduceSum: unary((x, { axes, keepDims }) => {
    const valid = axes.every((axis) => Number.isInteger(axis) && axis >= 0 && axis < x.shape.length)
    if (!valid || new Set(axes).size !== axes.length) return 'different axes of the operand, counted from 0'
    const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
    return like(x, keepDims ? kept : x.shape.filter((_, axis) => !axes.includes(axis)))
  }),
  batchSum: unary((x) => (x.batched ? { ...like(x, x.shape), batched: false } : 'a batched value')),
}

/**
 * What an op gives for operands of these specs: the one place that knows every op's shape rule. All ops compute in float32.
 * @param node whom the error names
 * @throws MNAS_GRAPH_SHAPE when operands and attributes do not fit together
 */
export function inferSpec<K extends Op>(
  op: K,
  attributes: OpAttributes[K],
  inputs: readonly TensorSpec[],
  node: string = op,
): TensorSpec {
  const output = inputs.every((input) => input.dtype === 'float32') ? rules[op](inputs, attributes) : 'float32 operands'
  if (typeof output === 'string') throw graphErrors.MNAS_GRAPH_SHAPE({ node, op, expected: output, inputs })
  return output
}

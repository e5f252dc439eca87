import { concatOptions, reduceOptions } from '../../flatbuffer/options.js'
import { alignedOperand, type Emitter, emitResult } from '../emitter.js'
import { tfliteShape } from '../model-builder.js'

/** An axis of the per-example shape as TFLite counts it: from the front, behind the batch. */
const tfliteAxis = (axis: number, axes: number, batched: boolean) => (axis < 0 ? axis + axes : axis) + (batched ? 1 : 0)

export const concat: Emitter<'concat'> = (emission) => {
  const { node } = emission.layer
  const axis = tfliteAxis(node.attributes.axis, node.shape.length, node.batched)
  const inputs = emission.inputs.map((input) => alignedOperand(emission, input))
  return emitResult(emission, { op: 'CONCATENATION', inputs, options: concatOptions(axis) })
}

export const reshape: Emitter<'reshape'> = ({ layer, inputs, builder }) => {
  const { tensor } = inputs[0]!
  const shape = tfliteShape(layer.node)
  const data = builder.constantData(tensor)
  return data ? builder.constant(layer.id, shape, data) : builder.copied(layer.id, tensor, shape)
}

export const constant: Emitter<'constant'> = ({ layer, builder }) =>
  builder.constant(layer.id, layer.node.shape, Float32Array.from(layer.node.attributes.values))

export const reduceSum: Emitter<'reduceSum'> = (emission) => {
  const { layer, inputs, builder } = emission
  const { tensor, spec } = inputs[0]!
  const { axes, keepDims } = layer.node.attributes
  const positions = axes.map((axis) => tfliteAxis(axis, spec.shape.length, spec.batched))
  const axesTensor = builder.ints(`${layer.node.id}.axes`, positions)
  return emitResult(emission, { op: 'SUM', inputs: [tensor, axesTensor], options: reduceOptions(keepDims) })
}

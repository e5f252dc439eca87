import { averagePoolCorrection } from '@mnas/core/graph'
import type { Emitter } from '../emitter.js'
import { bool, ofFloats, type } from '../graph-def.js'
import { padded, windowAttributes } from './window.js'

/** The smallest finite float32: padding that never wins. */
const lowest = -(2 - 2 ** -23) * 2 ** 127

export const maxPool: Emitter<'maxPool'> = (emission) => {
  const { layer, builder } = emission
  const { kernel, strides } = layer.node.attributes
  const { input, scheme } = padded(emission, { fill: lowest })
  return builder.result(layer.id, 'MaxPool', [input], windowAttributes(strides, scheme, kernel))
}

/** AvgPool does not count the padding of SAME. Zeros in front of it are counted: the mean is corrected for each pixel. */
export const averagePool: Emitter<'averagePool'> = (emission) => {
  const { layer, inputs, builder } = emission
  const { id, shape, attributes } = layer.node
  const { kernel, strides } = attributes
  const { input, scheme } = padded(emission)
  const pool = windowAttributes(strides, scheme, kernel)
  if (input === inputs[0]!.name) return builder.result(layer.id, 'AvgPool', [input], pool)
  const correction = averagePoolCorrection(attributes, inputs[0]!.spec.shape, shape)
  const factors = builder.constant(`${id}.correction`, [1, shape[0]!, shape[1]!, 1], correction)
  return builder.result(layer.id, 'Mul', [builder.op(`${id}.mean`, 'AvgPool', [input], pool), factors])
}

export const globalAveragePool: Emitter<'globalAveragePool'> = ({ layer, inputs, builder }) => {
  const axes = builder.integers(`${layer.node.id}.axes`, [1, 2])
  const attr = { ...ofFloats, Tidx: type('DT_INT32'), keep_dims: bool(layer.node.attributes.keepDims) }
  return builder.result(layer.id, 'Mean', [inputs[0]!.name, axes], attr)
}

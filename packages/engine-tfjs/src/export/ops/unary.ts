import type { Op } from '@mnas/core/contracts'
import { batchNormAffine } from '@mnas/core/graph'
import type { Emitter } from '../emitter.js'

const unary =
  <K extends Op>(op: string): Emitter<K> =>
  ({ layer, inputs, builder }) =>
    builder.result(layer.id, op, [inputs[0]!.name])

export const relu = unary<'relu'>('Relu')
export const relu6 = unary<'relu6'>('Relu6')
export const sigmoid = unary<'sigmoid'>('Sigmoid')
export const softmax = unary<'softmax'>('Softmax')
export const logSoftmax = unary<'logSoftmax'>('LogSoftmax')
export const softplus = unary<'softplus'>('Softplus')
export const exp = unary<'exp'>('Exp')
export const log = unary<'log'>('Log')
export const abs = unary<'abs'>('Abs')

/** A batch norm that no layer could take in: scale·x + offset. */
export const batchNorm: Emitter<'batchNorm'> = ({ layer, inputs, builder }) => {
  const { id, attributes } = layer.node
  const { scale, offset } = batchNormAffine(layer.parameters, attributes.epsilon)
  const constant = (name: string, data: Float64Array) => builder.constant(`${id}.${name}`, [data.length], Float32Array.from(data))
  const scaled = builder.op(`${id}.scaled`, 'Mul', [inputs[0]!.name, constant('scale', scale)])
  return builder.result(layer.id, 'AddV2', [scaled, constant('offset', offset)])
}

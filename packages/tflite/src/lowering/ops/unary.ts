import type { Op } from '@mnas/core/contracts'
import { batchNormAffine } from '@mnas/core/graph'
import {
  absOptions,
  addOptions,
  expOptions,
  logSoftmaxOptions,
  multiplyOptions,
  negateOptions,
  type OperatorOptions,
  softmaxOptions,
} from '../../flatbuffer/options.js'
import type { Builtin } from '../../flatbuffer/schema.js'
import { type Emitter, emitResult } from '../emitter.js'
import { tfliteShape } from '../model-builder.js'

function unary<K extends Op>(op: Builtin, options?: OperatorOptions): Emitter<K> {
  return (emission) => emitResult(emission, { op, inputs: [emission.inputs[0]!.tensor], ...(options && { options }) })
}

export const relu = unary<'relu'>('RELU')
export const relu6 = unary<'relu6'>('RELU6')
export const sigmoid = unary<'sigmoid'>('LOGISTIC')
export const softmax = unary<'softmax'>('SOFTMAX', softmaxOptions)
export const logSoftmax = unary<'logSoftmax'>('LOG_SOFTMAX', logSoftmaxOptions)
export const exp = unary<'exp'>('EXP', expOptions)
export const log = unary<'log'>('LOG')
export const abs = unary<'abs'>('ABS', absOptions)

/** softplus(x) = max(x, 0) + log(1 + e^−|x|), which neither overflows nor loses small values. */
export const softplus: Emitter<'softplus'> = (emission) => {
  const { layer, inputs, builder } = emission
  const x = inputs[0]!.tensor
  const shape = tfliteShape(layer.node)
  const step = (name: string, op: Builtin, operands: readonly number[], options?: OperatorOptions) => {
    const output = builder.tensor(`${layer.id}.${name}`, shape)
    builder.add({ op, inputs: operands, outputs: [output], ...(options && { options }) })
    return output
  }
  const magnitude = step('magnitude', 'ABS', [x], absOptions)
  const decay = step('decay', 'EXP', [step('negative', 'NEG', [magnitude], negateOptions)], expOptions)
  const one = builder.constant(`${layer.id}.one`, [], Float32Array.of(1))
  const tail = step('tail', 'LOG', [step('sum', 'ADD', [decay, one], addOptions('none'))])
  const positive = step('positive', 'RELU', [x])
  return emitResult(emission, { op: 'ADD', inputs: [positive, tail], options: addOptions('none') })
}

/** A batch norm that no layer could take in: scale·x + offset. */
export const batchNorm: Emitter<'batchNorm'> = (emission) => {
  const { layer, inputs, builder } = emission
  const { scale, offset } = batchNormAffine(layer.parameters, layer.node.attributes.epsilon)
  const constant = (name: string, data: Float64Array) =>
    builder.constant(`${layer.node.id}.${name}`, [data.length], Float32Array.from(data))
  const scaled = builder.tensor(`${layer.node.id}.scaled`, tfliteShape(layer.node))
  const scaleInputs = [inputs[0]!.tensor, constant('scale', scale)]
  builder.add({ op: 'MUL', inputs: scaleInputs, outputs: [scaled], options: multiplyOptions('none') })
  const options = addOptions(layer.activation)
  return emitResult(emission, { op: 'ADD', inputs: [scaled, constant('offset', offset)], options })
}

import type { Op } from '@mnas/core/contracts'
import {
  addOptions,
  castOptions,
  divideOptions,
  lessOptions,
  maximumOptions,
  multiplyOptions,
  notEqualOptions,
  type OperatorOptions,
  selectOptions,
  subtractOptions,
} from '../../flatbuffer/options.js'
import type { Activation, Builtin } from '../../flatbuffer/schema.js'
import { alignedOperand, type Emission, type Emitter, emitResult } from '../emitter.js'
import { tfliteShape } from '../model-builder.js'

const operands = <K extends Op>(emission: Emission<K>) => emission.inputs.map((input) => alignedOperand(emission, input))

function binary<K extends Op>(op: Builtin, options: (activation: Activation) => OperatorOptions): Emitter<K> {
  return (emission) => emitResult(emission, { op, inputs: operands(emission), options: options(emission.layer.activation) })
}

export const add = binary<'add'>('ADD', addOptions)
export const subtract = binary<'subtract'>('SUB', subtractOptions)
export const multiply = binary<'multiply'>('MUL', multiplyOptions)
export const divide = binary<'divide'>('DIV', divideOptions)
export const maximum = binary<'maximum'>('MAXIMUM', () => maximumOptions)

/** LESS gives booleans; the graph has numbers. */
export const less: Emitter<'less'> = (emission) => {
  const { layer, builder } = emission
  const truth = builder.tensor(`${layer.id}.truth`, tfliteShape(layer.node), 'bool')
  builder.add({ op: 'LESS', inputs: operands(emission), outputs: [truth], options: lessOptions })
  return emitResult(emission, { op: 'CAST', inputs: [truth], options: castOptions('bool', 'float32') })
}

export const select: Emitter<'select'> = (emission) => {
  const { layer, builder } = emission
  const [mask, a, b] = operands(emission) as [number, number, number]
  const zero = builder.constant(`${layer.id}.zero`, [], Float32Array.of(0))
  const truth = builder.tensor(`${layer.id}.truth`, builder.shapeOf(mask), 'bool')
  builder.add({ op: 'NOT_EQUAL', inputs: [mask, zero], outputs: [truth], options: notEqualOptions })
  return emitResult(emission, { op: 'SELECT_V2', inputs: [truth, a, b], options: selectOptions })
}

import type { Op } from '@mnas/core/contracts'
import { type Emission, type Emitter, reshaped } from '../emitter.js'
import { bool, ofFloats, type } from '../graph-def.js'

/**
 * The operands so that TensorFlow, which aligns whole shapes at the right, broadcasts as the Graph does, which aligns one example's: a batched
 * operand with fewer axes than the value gets axes of length 1 behind its batch.
 */
function operands<K extends Op>({ layer, inputs, builder }: Emission<K>): readonly string[] {
  return inputs.map(({ name, spec }) => {
    const missing = layer.node.shape.length - spec.shape.length
    if (!spec.batched || missing === 0) return name
    return reshaped(builder, `${layer.id}.aligned`, name, [-1, ...Array<number>(missing).fill(1), ...spec.shape])
  })
}

const binary =
  <K extends Op>(op: string): Emitter<K> =>
  (emission) =>
    emission.builder.result(emission.layer.id, op, operands(emission))

export const add = binary<'add'>('AddV2')
export const subtract = binary<'subtract'>('Sub')
export const multiply = binary<'multiply'>('Mul')
export const divide = binary<'divide'>('RealDiv')
export const maximum = binary<'maximum'>('Maximum')

/** Less gives booleans; the graph has numbers. */
export const less: Emitter<'less'> = (emission) => {
  const { layer, builder } = emission
  const truth = builder.op(`${layer.id}.truth`, 'Less', operands(emission))
  const attr = { SrcT: type('DT_BOOL'), DstT: type('DT_FLOAT'), Truncate: bool(false) }
  return builder.result(layer.id, 'Cast', [truth], attr)
}

export const select: Emitter<'select'> = (emission) => {
  const { layer, builder } = emission
  const [mask, a, b] = operands(emission) as [string, string, string]
  const zero = builder.constant(`${layer.id}.zero`, [], Float32Array.of(0))
  const truth = builder.op(`${layer.id}.truth`, 'NotEqual', [mask, zero], { ...ofFloats, incompatible_shape_error: bool(true) })
  return builder.result(layer.id, 'SelectV2', [truth, a, b])
}

import { contractErrors } from '@mnas/core/errors'
import { anyBatch, type Emitter } from '../emitter.js'
import { bool, ofFloats, type } from '../graph-def.js'

/** ConcatV2. What is the same for every example has no batch to be joined along. */
export const concat: Emitter<'concat'> = ({ layer, inputs, builder }) => {
  const { id, attributes, batched } = layer.node
  if (inputs.some(({ spec }) => spec.batched !== batched)) {
    const op = 'concat of a value for each example and one for all'
    throw contractErrors.MNAS_EXPORT_OP({ format: 'tfjs', node: id, op, known: ['concat of values for each example'] })
  }
  const axis = builder.constant(`${id}.axis`, [], Int32Array.of(attributes.axis + (batched ? 1 : 0)))
  const attr = { ...ofFloats, Tidx: type('DT_INT32'), N: { i: String(inputs.length) } }
  return builder.result(layer.id, 'ConcatV2', [...inputs.map(({ name }) => name), axis], attr)
}

export const reshape: Emitter<'reshape'> = ({ layer, inputs, builder }) => {
  const shape = builder.integers(`${layer.node.id}.shape`, anyBatch(layer.node))
  return builder.result(layer.id, 'Reshape', [inputs[0]!.name, shape], { ...ofFloats, Tshape: type('DT_INT32') })
}

export const constant: Emitter<'constant'> = ({ layer, builder }) => {
  const { id, shape, attributes } = layer.node
  return builder.constant(`${id}.values`, shape, Float32Array.from(attributes.values))
}

export const reduceSum: Emitter<'reduceSum'> = ({ layer, inputs, builder }) => {
  const { axes, keepDims } = layer.node.attributes
  const shift = inputs[0]!.spec.batched ? 1 : 0
  const positions = builder.integers(
    `${layer.node.id}.axes`,
    axes.map((axis) => axis + shift),
  )
  const attr = { ...ofFloats, Tidx: type('DT_INT32'), keep_dims: bool(keepDims) }
  return builder.result(layer.id, 'Sum', [inputs[0]!.name, positions], attr)
}

import { fullShape } from '../tensors.js'
import type { Operator } from './operator.js'

/** Joins per-example shapes along one axis; an unbatched operand is the same for every example. */
export const concat: Operator<'concat'> = ({ tf, node, batch, inputs }) => {
  const parts = inputs.map(({ tensor, spec }) =>
    node.batched && !spec.batched ? tf.broadcastTo(tensor, [batch, ...spec.shape]) : tensor,
  )
  return tf.concat(parts, node.attributes.axis + (node.batched ? 1 : 0))
}

/** The same values, example by example, under another shape. */
export const reshape: Operator<'reshape'> = ({ tf, node, batch, inputs }) => tf.reshape(inputs[0]!.tensor, fullShape(node, batch))

/** The values written in the graph. */
export const constant: Operator<'constant'> = ({ tf, node }) => tf.tensor1d([...node.attributes.values], 'float32')

/** Sum over axes of the per-example shape. */
export const reduceSum: Operator<'reduceSum'> = ({ tf, node, inputs }) => {
  const { axes, keepDims } = node.attributes
  const { tensor, spec } = inputs[0]!
  if (axes.length === 0) return tf.clone(tensor)
  const shift = spec.batched ? 1 : 0
  return tf.sum(
    tensor,
    axes.map((axis) => axis + shift),
    keepDims,
  )
}

/** Sum over the examples of the batch. */
export const batchSum: Operator<'batchSum'> = ({ tf, inputs }) => tf.sum(inputs[0]!.tensor, 0)

/** Place of each element in descending order of its row: 0 for the largest; equal ones by index. Sorted in JavaScript: it has no gradient. */
export const rank: Operator<'rank'> = ({ tf, inputs }) => {
  const { tensor } = inputs[0]!
  const values = tensor.dataSync()
  const length = tensor.shape.at(-1)!
  const places = new Float32Array(values.length)
  for (let start = 0; start < values.length; start += length) {
    const row = values.subarray(start, start + length)
    const order = Array.from(row.keys()).sort((i, j) => row[j]! - row[i]! || i - j)
    order.forEach((i, place) => {
      places[start + i] = place
    })
  }
  return tf.tensor(places, tensor.shape)
}

/** The value itself; the forward pass hands over an operand that no gradient reaches. */
export const stopGradient: Operator<'stopGradient'> = ({ tf, inputs }) => tf.clone(inputs[0]!.tensor)

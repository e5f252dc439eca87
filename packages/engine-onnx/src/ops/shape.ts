import { defineOperator } from './operator.js'
import { batchOf, inLayout, type Layout, plain, plainValue, rankOf, unblocked, unbroadcast, type Value } from './value.js'

/** Axis of a tensor that holds an axis of the per-example shape. */
const tensorAxis = (axis: number, layout: Layout): number => (layout === 'plain' ? axis + 1 : [2, 3, 0][axis]!)

/**
 * Inputs one after the other along an axis of the per-example shape; unbatched inputs are repeated for every row.
 *
 *   dx = the slice of dy that x filled
 */
export const concat = defineOperator('concat', {
  forward({ g, node, inputs }) {
    const layout: Layout = rankOf(inputs[0]!) === 3 && inputs.some((x) => x.layout !== 'plain') ? 'channelsFirst' : 'plain'
    const batchAxis = layout === 'plain' ? 0 : 1
    const batch = Math.max(...inputs.map(batchOf))
    const parts = inputs.map((input) => {
      const tensor = inLayout(g, input, layout)
      return g.expand(tensor, tensor.shape.with(batchAxis, batch))
    })
    const axis = tensorAxis(node.attributes.axis, layout)
    return { output: { tensor: g.concat(parts, axis), layout }, saved: { parts, axis } }
  },
  gradient({ g, inputs, needed, output: { layout }, saved: { parts, axis }, outputGradient }) {
    const dy = inLayout(g, outputGradient, layout)
    const slices = g.split(
      dy,
      axis,
      parts.map((part) => part.shape[axis]!),
    )
    return inputs.map((input, i) => (needed[i] ? unbroadcast(g, slices[i]!, layout, input) : null))
  },
})

/** The same values in another per-example shape, in NHWC order. dx = dy in the old shape. */
export const reshape = defineOperator('reshape', {
  forward({ g, node, inputs }) {
    const x = plain(g, inputs[0]!)
    return { output: plainValue(g.reshape(x, [x.shape[0]!, ...node.shape])), saved: x.shape }
  },
  gradient({ g, saved: shape, outputGradient }) {
    return [plainValue(g.reshape(plain(g, outputGradient), shape))]
  },
})

/** Fixed values. No inputs, no gradient. */
export const constant = defineOperator('constant', {
  forward({ g, node }) {
    return { output: plainValue(g.constant(Float32Array.from(node.attributes.values), [1, ...node.shape])), saved: null }
  },
})

/** y = x for the forward pass; as if x were a constant for the gradient. */
export const stopGradient = defineOperator('stopGradient', {
  forward({ inputs }) {
    return { output: inputs[0]!, saved: null }
  },
})

/** y = Σ x over axes of the per-example shape; dx = dy, one number that broadcasts along those axes. */
export const reduceSum = defineOperator('reduceSum', {
  forward({ g, node, inputs }) {
    const { tensor, layout } = unblocked(g, inputs[0]!)
    const axes = node.attributes.axes.map((axis) => tensorAxis(axis, layout))
    const kept: Value = { tensor: g.sum(tensor, axes), layout }
    const shape = plain(g, kept).shape
    const output = node.attributes.keepDims ? kept : plainValue(g.reshape(plain(g, kept), [shape[0]!, ...node.shape]))
    return { output, saved: shape }
  },
  gradient({ g, saved: shape, outputGradient }) {
    return [plainValue(g.reshape(plain(g, outputGradient), shape))]
  },
})

/** y = Σ x over the rows of the batch; dx = dy for every row. */
export const batchSum = defineOperator('batchSum', {
  forward({ g, inputs }) {
    const { tensor, layout } = unblocked(g, inputs[0]!)
    return { output: { tensor: g.sum(tensor, [layout === 'plain' ? 0 : 1]), layout }, saved: null }
  },
  gradient({ outputGradient }) {
    return [outputGradient]
  },
})

/**
 * Place in descending order along the last axis (0 = largest), ties by index, as float32: the order of the order. No gradient.
 */
export const rank = defineOperator('rank', {
  forward({ g, inputs }) {
    const largestFirst = g.order(plain(g, inputs[0]!), 'descending')
    return { output: plainValue(g.toFloat(g.order(largestFirst, 'ascending'))), saved: null }
  },
})

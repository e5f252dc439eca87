import type { Window } from '@mnas/core/contracts'
import type { Emitter } from '../../onnx/emitter.js'
import { type OnnxTensor, sizeOf } from '../../onnx/tensor.js'
import { imageMeans } from '../channels.js'
import { defineOperator } from '../operator.js'
import { channelMajor, image, imageValue, inLayout, isBlocked, plain, plainValue, type Value } from '../value.js'
import { windowOf } from './window.js'

/**
 * Maximum over each window; the gradient goes to the first of the largest positions.
 *
 *   y = max x       dx[argmax] += dy
 */
export const maxPool = defineOperator('maxPool', {
  forward({ g, node, inputs }) {
    const x = image(g, inputs[0]!)
    const { values, places } = g.maxPool(x, windowOf(node.attributes))
    return { output: imageValue(values), saved: places }
  },
  gradient({ g, inputs, saved: places, outputGradient }) {
    const x = image(g, inputs[0]!)
    const dy = image(g, outputGradient)
    const flat = [sizeOf(dy.shape)]
    const dx = g.scatterAdd(sizeOf(x.shape), g.reshape(places, flat), g.reshape(dy, flat))
    return [imageValue(g.reshape(dx, x.shape))]
  },
})

/**
 * Mean over the positions of each window that lie inside the image.
 *
 *   y = Σ x / n       dx = Σ over the windows that hold x of dy / n       n = positions inside
 */
export const averagePool = defineOperator('averagePool', {
  forward({ g, node, inputs }) {
    return { output: imageValue(g.averagePool(image(g, inputs[0]!), windowOf(node.attributes))), saved: null }
  },
  gradient({ g, node, inputs, outputGradient }) {
    const [channels, batch, height, width] = image(g, inputs[0]!).shape as [number, number, number, number]
    const dy = image(g, outputGradient)
    const shares = g.multiply(dy, reciprocalCounts(g, node.attributes, [height, width], dy.shape.slice(2)))
    const groups = channels * batch
    const ones = g.expand(g.constant(Float32Array.of(1), [1, 1, 1, 1]), [groups, 1, ...node.attributes.kernel])
    const images = g.reshape(shares, [1, groups, dy.shape[2]!, dy.shape[3]!])
    const dx = g.convTranspose(images, ones, windowOf(node.attributes), [height, width], groups)
    return [imageValue(g.reshape(dx, [channels, batch, height, width]))]
  },
})

/** 1/n for each output position: [H', W']. */
function reciprocalCounts(g: Emitter, window: Window, input: readonly number[], output: readonly number[]): OnnxTensor {
  const { kernel, strides, padding } = window
  const inside = (axis: 0 | 1, place: number): number => {
    const start = place * strides[axis] - padding[axis * 2]!
    return Math.min(start + kernel[axis], input[axis]!) - Math.max(start, 0)
  }
  const [height, width] = output as [number, number]
  const values = Float32Array.from({ length: height * width }, (_, place) => {
    return 1 / (inside(0, Math.floor(place / width)) * inside(1, place % width))
  })
  return g.constant(values, [height, width])
}

/**
 * Mean over height and width.
 *
 *   y = Σ x / (H·W)       dx = dy / (H·W), one number per image and channel that broadcasts to x
 */
export const globalAveragePool = defineOperator('globalAveragePool', {
  forward({ g, node, inputs }) {
    const { tensor: x, layout } = channelMajor(g, inputs[0]!)
    const means: Value = { tensor: isBlocked(layout) ? imageMeans(g, x) : g.globalAveragePool(x), layout }
    const output = node.attributes.keepDims ? means : plainValue(flattened(g, means))
    return { output, saved: { layout, positions: sizeOf(x.shape.slice(2, 4)) } }
  },
  gradient({ g, node, saved: { layout, positions }, outputGradient }) {
    const dy = node.attributes.keepDims ? outputGradient : plainValue(spread(g, plain(g, outputGradient)))
    return [{ tensor: g.multiply(inLayout(g, dy, layout), 1 / positions), layout }]
  },
})

/** An image of 1 x 1 as [batch, channels]. */
function flattened(g: Emitter, value: Value): OnnxTensor {
  const tensor = plain(g, value)
  return g.reshape(tensor, [tensor.shape[0]!, tensor.shape[3]!])
}

/** [batch, channels] as an image of 1 x 1. */
function spread(g: Emitter, rows: OnnxTensor): OnnxTensor {
  return g.reshape(rows, [rows.shape[0]!, 1, 1, rows.shape[1]!])
}

import type { Emitter } from '../onnx/emitter.js'
import type { OnnxTensor } from '../onnx/tensor.js'

/**
 * How a value of the Graph lies in an ONNX tensor. The batch axis is always there; an unbatched value has batch 1.
 * - `plain`: [batch, ...shape], as the contract hands tensors in and out
 * - `channelsFirst`: only for images [height, width, channels], as [channels, batch, height, width]: a 1x1 convolution is one matrix product
 *   over [channels, batch · height · width], a channel's statistics are contiguous, and a depthwise convolution sees batch · channels groups
 */
export type Layout = 'plain' | 'channelsFirst'

export interface Value {
  readonly tensor: OnnxTensor
  readonly layout: Layout
}

export const plainValue = (tensor: OnnxTensor): Value => ({ tensor, layout: 'plain' })
export const imageValue = (tensor: OnnxTensor): Value => ({ tensor, layout: 'channelsFirst' })

/** The value as [batch, ...shape]. */
export function plain(g: Emitter, value: Value): OnnxTensor {
  return value.layout === 'plain' ? value.tensor : g.transpose(value.tensor, [1, 2, 3, 0])
}

/** An image as [channels, batch, height, width]. */
export function image(g: Emitter, value: Value): OnnxTensor {
  return value.layout === 'channelsFirst' ? value.tensor : g.transpose(value.tensor, [3, 0, 1, 2])
}

export function inLayout(g: Emitter, value: Value, layout: Layout): OnnxTensor {
  return layout === 'plain' ? plain(g, value) : image(g, value)
}

/** The batch of a value. */
export function batchOf(value: Value): number {
  return value.tensor.shape[value.layout === 'plain' ? 0 : 1]!
}

/** Rank of the per-example shape. */
export function rankOf(value: Value): number {
  return value.tensor.shape.length - 1
}

/**
 * The value with `rank` per-example axes in the given layout: axes of length 1 are put in front of its own, as broadcasting from the right does,
 * but behind the batch.
 */
export function aligned(g: Emitter, value: Value, rank: number, layout: Layout): OnnxTensor {
  if (rankOf(value) === rank) return inLayout(g, value, layout)
  const [batch, ...shape] = plain(g, value).shape
  const padded = [batch!, ...Array<number>(rank - shape.length).fill(1), ...shape]
  return inLayout(g, plainValue(g.reshape(plain(g, value), padded)), layout)
}

/** Undoes `aligned` on a gradient: sums over the axes along which `like` was broadcast and takes its form. */
export function unbroadcast(g: Emitter, gradient: OnnxTensor, layout: Layout, like: Value): Value {
  const alignedShape = aligned(g, like, gradient.shape.length - 1, layout).shape
  const axes = alignedShape.flatMap((side, axis) => (side === 1 && gradient.shape[axis] !== 1 ? [axis] : []))
  const value: Value = { tensor: g.sum(gradient, axes), layout }
  if (rankOf(like) === gradient.shape.length - 1) return value
  return plainValue(g.reshape(plain(g, value), plain(g, like).shape))
}

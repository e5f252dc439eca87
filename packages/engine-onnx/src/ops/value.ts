import type { Emitter } from '../onnx/emitter.js'
import type { OnnxTensor } from '../onnx/tensor.js'

/**
 * How a value of the Graph lies in an ONNX tensor. The batch axis is always there; an unbatched value has batch 1.
 * - `plain`: [batch, ...shape], as the contract hands tensors in and out
 * - `channelsFirst`: only for images [height, width, channels], as [channels, batch, height, width]: a 1x1 convolution is one matrix product
 *   over [channels, batch · height · width], a channel's statistics are contiguous, and a depthwise convolution sees batch · channels groups
 * - `blocks16` (or another block B): only for images in the fast mode, as [channels, batch / B, height, width, B]: the same position of B
 *   images side by side, as onnxruntime's NCHWc kernels want it; an unbatched image has B = 1
 */
export type Layout = 'plain' | 'channelsFirst' | BlockedLayout
export type BlockedLayout = `blocks${number}`

export interface Value {
  readonly tensor: OnnxTensor
  readonly layout: Layout
  /** Only on blocked gradients: a constant per channel [C, 1] that is part of the value but not yet added, since batch norm hardly sees it. */
  readonly pending?: OnnxTensor
  /** Only on blocked values: their mean per channel [C, 1], where it is known without summing. */
  readonly mean?: OnnxTensor
}

export const plainValue = (tensor: OnnxTensor): Value => ({ tensor, layout: 'plain' })
export const imageValue = (tensor: OnnxTensor): Value => ({ tensor, layout: 'channelsFirst' })

export const isBlocked = (layout: Layout): layout is BlockedLayout => layout.startsWith('blocks')
export const blocksOf = (block: number): BlockedLayout => `blocks${block}`
const blockOf = (layout: BlockedLayout): number => Number(layout.slice('blocks'.length))

/** The value as [batch, ...shape]. */
export function plain(g: Emitter, value: Value): OnnxTensor {
  const { tensor, layout } = settled(g, value)
  if (layout === 'plain') return tensor
  if (layout === 'channelsFirst') return g.transpose(tensor, [1, 2, 3, 0])
  return g.reshape(g.transpose(tensor, [1, 4, 2, 3, 0]), shapeIn(value, 'plain'))
}

/** An image as [channels, batch, height, width]. */
export function image(g: Emitter, value: Value): OnnxTensor {
  const { tensor, layout } = settled(g, value)
  if (layout === 'channelsFirst') return tensor
  if (layout === 'plain') return g.transpose(tensor, [3, 0, 1, 2])
  return g.reshape(g.transpose(tensor, [0, 1, 4, 2, 3]), shapeIn(value, 'channelsFirst'))
}

/** An image as [channels, batch / B, height, width, B]. */
export function blocked(g: Emitter, value: Value, layout: BlockedLayout): OnnxTensor {
  if (value.layout === layout) return settled(g, value).tensor
  const [channels, images, height, width, lanes] = shapeIn(value, layout) as [number, number, number, number, number]
  const channelsFirst = image(g, value)
  if (lanes === 1) return g.reshape(channelsFirst, [channels, images, height, width, lanes])
  // Channels as onnxruntime's batch and images as its channels: twice as fast as a transposition.
  const shape = [channels, images * lanes, height, width]
  const reordered = g.emit('ReorderInput', [channelsFirst], shape, {}, 'float', 'com.microsoft.nchwc')
  return g.reshape(reordered, [channels, images, height, width, lanes])
}

export function inLayout(g: Emitter, value: Value, layout: Layout): OnnxTensor {
  if (layout === 'plain') return plain(g, value)
  return layout === 'channelsFirst' ? image(g, value) : blocked(g, value, layout)
}

/** The value in a layout whose axes are those of the Graph: images channels first, everything else plain. */
export function unblocked(g: Emitter, value: Value): Value {
  return isBlocked(value.layout) ? imageValue(image(g, value)) : value
}

/** The value in a layout with the channels in front, for ops to which the order of the positions behind them is all the same. */
export function channelMajor(g: Emitter, value: Value): Value {
  return isBlocked(value.layout) ? settled(g, value) : imageValue(image(g, value))
}

/** The value with its pending constant added. */
export function settled(g: Emitter, { tensor, layout, pending }: Value): Value {
  if (!pending) return { tensor, layout }
  return { tensor: g.add(tensor, g.reshape(pending, [tensor.shape[0]!, 1, 1, 1, 1])), layout }
}

/** Shape of an image's tensor in another layout. */
export function shapeIn({ tensor: { shape }, layout }: Value, target: Layout): readonly number[] {
  if (layout === target) return shape
  const [batch, height, width, channels] = imageShape(shape, layout)
  if (target === 'plain') return [batch, height, width, channels]
  if (target === 'channelsFirst') return [channels, batch, height, width]
  const block = batch === 1 ? 1 : blockOf(target)
  return [channels, batch / block, height, width, block]
}

/** [batch, height, width, channels] */
function imageShape(shape: readonly number[], layout: Layout): readonly [number, number, number, number] {
  const [a, b, c, d, e] = shape as [number, number, number, number, number]
  if (layout === 'plain') return [a, b, c, d]
  return layout === 'channelsFirst' ? [b, c, d, a] : [b * e, c, d, a]
}

/** The batch of a value. */
export function batchOf({ tensor: { shape }, layout }: Value): number {
  if (isBlocked(layout)) return shape[1]! * shape[4]!
  return shape[layout === 'plain' ? 0 : 1]!
}

/** Rank of the per-example shape. */
export function rankOf({ tensor, layout }: Value): number {
  return isBlocked(layout) ? 3 : tensor.shape.length - 1
}

/** The layout in which values of that per-example rank meet with the fewest conversions. */
export function commonLayout(values: readonly Value[], rank: number): Layout {
  if (rank !== 3) return 'plain'
  const layouts = values.map(({ layout }) => layout)
  return layouts.find(isBlocked) ?? (layouts.includes('channelsFirst') ? 'channelsFirst' : 'plain')
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
  const rank = isBlocked(layout) ? 3 : gradient.shape.length - 1
  const alignedShape = aligned(g, like, rank, layout).shape
  const axes = alignedShape.flatMap((side, axis) => (side === 1 && gradient.shape[axis] !== 1 ? [axis] : []))
  const value: Value = { tensor: g.sum(gradient, axes), layout }
  if (rankOf(like) === rank) return value
  return plainValue(g.reshape(plain(g, value), plain(g, like).shape))
}

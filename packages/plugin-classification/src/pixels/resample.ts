import type { Box, Size } from '../preprocessing.js'
import { kernel, layOut, view } from './kernel.js'
import { linearTaps, reversed, type Taps } from './linear-taps.js'

/** A part of an image scaled to a size. */
export interface Scaling {
  readonly from: Box
  readonly to: Size
  /** The pixels of the result that are wanted; all when absent. */
  readonly part?: Box
  readonly mirrored?: boolean
}

/**
 * Where `resample` reads an image of that many RGB pixels: write it here, row by row, just before. Decoders write straight into it.
 * Like what resample returns, it lasts until the next call of either.
 */
export function sourcePixels({ width, height }: Size): Buffer {
  const length = 3 * width * height
  return view(layOut(length)[0]!, length)
}

/**
 * Separable linear interpolation of the image in `sourcePixels`; when it shrinks, the triangle widens with the scale so that every pixel
 * counts. Each pass rounds to bytes, along x first: Pillow's and torchvision's antialiased bilinear. Whole numbers throughout, so the same
 * bits on every machine, and the same for a part as for the part of the whole. A box that keeps its size is copied.
 * @returns RGB bytes of the part, row by row
 */
export function resample(image: Size, { from, to, part = { left: 0, top: 0, ...to }, mirrored = false }: Scaling): Buffer {
  const columns = linearTaps(from.left, from.width, { outputs: to.width, from: part.left, count: part.width })
  const rows = linearTaps(from.top, from.height, { outputs: to.height, from: part.top, count: part.height })
  const firstRow = rows.first[0]!
  const rowCount = Math.min(from.top + from.height, rows.first.at(-1)! + 2 * rows.pairs) - firstRow
  const [stride, narrowStride, length] = [3 * image.width, (3 * part.width + 31) & ~15, 3 * part.width * part.height]
  const taps = [mirrored ? reversed(columns) : columns, rows] as const
  const [source, xFirst, xWeights, yFirst, yWeights, narrow, result] = layOut(
    stride * image.height,
    ...taps.flatMap(({ first, weights }) => [first.byteLength, weights.byteLength]),
    // Taps of weight 0 may lie below the last row.
    narrowStride * (rowCount + 2 * rows.pairs),
    length,
  ) as [number, number, number, number, number, number, number]
  write(taps[0], 3, 0, xFirst, xWeights)
  write(taps[1], 1, firstRow, yFirst, yWeights)
  const top = source + firstRow * stride
  kernel.resampleRows(top, stride, rowCount, part.width, xFirst, xWeights, columns.pairs, narrow, narrowStride)
  kernel.resampleColumns(narrow, narrowStride, 3 * part.width, part.height, yFirst, yWeights, rows.pairs, result)
  return view(result, length)
}

/** @param unit bytes or rows for each pixel, from `zero` on */
function write({ first, weights }: Taps, unit: number, zero: number, firstAt: number, weightsAt: number): void {
  const { buffer } = kernel.memory
  new Uint32Array(buffer, firstAt, first.length).set(first.map((index) => (index - zero) * unit))
  new Int16Array(buffer, weightsAt, weights.length).set(weights)
}

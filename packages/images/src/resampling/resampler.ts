import type { Preprocessing, Size } from '@mnas/core/contracts'
import type { Box } from '../geometry/box.js'
import { Kernel } from './kernel.js'
import { linearTaps, reversed, type Taps } from './linear-taps.js'

/** A part of an image scaled to a size. */
export interface Scaling {
  readonly from: Box
  readonly to: Size
  /** The pixels of the result that are wanted; all when absent. */
  readonly part?: Box
  readonly mirrored?: boolean
}

/** Scales RGB bytes and makes numbers of them. Knows nothing of Node; one at a time may use it. */
export class Resampler {
  readonly #kernel: Kernel

  /** @param code kernel.wasm: its bytes, or a WebAssembly.Module */
  constructor(code: object) {
    this.#kernel = new Kernel(code)
  }

  /**
   * Where `resample` reads an image of that many RGB pixels: write it here, row by row, just before. Decoders write straight into it.
   * Like what resample returns, it lasts until the next call of either.
   */
  sourcePixels({ width, height }: Size): Uint8Array<ArrayBuffer> {
    const length = 3 * width * height
    return this.#kernel.view(this.#kernel.layOut(length)[0]!, length)
  }

  /**
   * Separable linear interpolation of the image in `sourcePixels`, or of `pixels`, of which only the rows that the part needs are copied; when it shrinks, the triangle widens with the scale so that every pixel
   * counts. Each pass rounds to bytes, along x first: Pillow's and torchvision's antialiased bilinear. Whole numbers throughout, so the same
   * bits on every machine, and the same for a part as for the part of the whole. A box that keeps its size is copied.
   * @param pixels all RGB bytes of the image
   * @returns RGB bytes of the part, row by row
   */
  resample(
    image: Size,
    { from, to, part = { left: 0, top: 0, ...to }, mirrored = false }: Scaling,
    pixels?: Uint8Array,
  ): Uint8Array<ArrayBuffer> {
    const kernel = this.#kernel
    const columns = linearTaps(from.left, from.width, { outputs: to.width, from: part.left, count: part.width })
    const rows = linearTaps(from.top, from.height, { outputs: to.height, from: part.top, count: part.height })
    const firstRow = rows.first[0]!
    const rowCount = Math.min(from.top + from.height, rows.first.at(-1)! + 2 * rows.pairs) - firstRow
    const [stride, narrowStride, length] = [3 * image.width, (3 * part.width + 31) & ~15, 3 * part.width * part.height]
    const taps = [mirrored ? reversed(columns) : columns, rows] as const
    const [source, xFirst, xWeights, yFirst, yWeights, narrow, result] = kernel.layOut(
      stride * (pixels ? rowCount : image.height),
      ...taps.flatMap(({ first, weights }) => [first.byteLength, weights.byteLength]),
      // Taps of weight 0 may lie below the last row.
      narrowStride * (rowCount + 2 * rows.pairs),
      length,
    ) as [number, number, number, number, number, number, number]
    this.#write(taps[0], 3, 0, xFirst, xWeights)
    this.#write(taps[1], 1, firstRow, yFirst, yWeights)
    if (pixels) kernel.view(source, stride * rowCount).set(pixels.subarray(stride * firstRow, stride * (firstRow + rowCount)))
    const top = pixels ? source : source + firstRow * stride
    const { resampleRows, resampleColumns } = kernel.functions
    resampleRows(top, stride, rowCount, part.width, xFirst, xWeights, columns.pairs, narrow, narrowStride)
    resampleColumns(narrow, narrowStride, 3 * part.width, part.height, yFirst, yWeights, rows.pairs, result)
    return kernel.view(result, length)
  }

  /** Bytes → (byte − mean) / std per channel, float32 at `offset`. */
  normalize(pixels: Uint8Array, { mean, std }: Pick<Preprocessing, 'mean' | 'std'>, target: Float32Array, offset: number): void {
    const kernel = this.#kernel
    const tables = new Float32Array(3 * 256)
    for (let at = 0; at < tables.length; at++) tables[at] = ((at & 255) - mean[at >> 8]!) / std[at >> 8]!
    const [source, tablesAt, result] = kernel.layOut(pixels.length, tables.byteLength, 4 * pixels.length) as [
      number,
      number,
      number,
    ]
    kernel.view(source, pixels.length).set(pixels)
    new Float32Array(kernel.buffer, tablesAt, tables.length).set(tables)
    kernel.functions.lookUp(source, pixels.length / 3, tablesAt, result)
    target.set(new Float32Array(kernel.buffer, result, pixels.length), offset)
  }

  /** @param unit bytes or rows for each pixel, from `zero` on */
  #write({ first, weights }: Taps, unit: number, zero: number, firstAt: number, weightsAt: number): void {
    const { buffer } = this.#kernel
    new Uint32Array(buffer, firstAt, first.length).set(first.map((index) => (index - zero) * unit))
    new Int16Array(buffer, weightsAt, weights.length).set(weights)
  }
}

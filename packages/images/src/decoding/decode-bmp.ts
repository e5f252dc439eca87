import { type BmpLayout, readBmpLayout } from '../headers/bmp-header.js'
import { maxPixels } from '../headers/image-header.js'
import type { StoredImage } from './stored-image.js'

/**
 * The pixels of an uncompressed BMP, which no other decoder here reads. A fourth channel is ignored, as Pillow does.
 * @throws Error with the reason
 */
export function decodeBmp(bytes: Buffer): StoredImage {
  const layout = readBmpLayout(bytes)
  if ('reason' in layout) throw new Error(layout.reason)
  const { width, height, offset, stride, fromBottom } = layout
  if (width * height > maxPixels) throw new Error(`${width}×${height} pixels are too many`)
  if (offset + stride * height > bytes.length) throw new Error('truncated BMP')
  const pixels = new Uint8Array(3 * width * height)
  const readPixel = pixelReader(bytes, layout)
  for (let y = 0; y < height; y++) {
    const row = offset + stride * (fromBottom ? height - 1 - y : y)
    for (let x = 0; x < width; x++) readPixel(row, x, pixels, 3 * (y * width + x))
  }
  return { width, height, pixels }
}

/** Writes red, green and blue of a pixel of a row to `to`. */
type ReadPixel = (row: number, x: number, pixels: Uint8Array, to: number) => void

function pixelReader(bytes: Buffer, layout: BmpLayout): ReadPixel {
  switch (layout.bits) {
    case 1:
    case 4:
    case 8:
      return paletteReader(bytes, layout, layout.bits)
    case 16:
      return maskReader(layout, (row, x) => bytes.readUInt16LE(row + 2 * x))
    case 32:
      return maskReader(layout, (row, x) => bytes.readUInt32LE(row + 4 * x))
    case 24:
      return (row, x, pixels, to) => {
        for (let channel = 0; channel < 3; channel++) pixels[to + channel] = bytes[row + 3 * x + 2 - channel]!
      }
    default:
      return layout.bits satisfies never
  }
}

/** Blue, green, red, unused for each colour; black beyond the palette. */
function paletteReader(bytes: Buffer, { palette }: BmpLayout, bits: 1 | 4 | 8): ReadPixel {
  const perByte = 8 / bits
  return (row, x, pixels, to) => {
    const shift = 8 - bits * (1 + (x % perByte))
    const colour = (bytes[row + Math.floor(x / perByte)]! >> shift) & (2 ** bits - 1)
    if (colour >= palette.colours) return
    for (let channel = 0; channel < 3; channel++) pixels[to + channel] = bytes[palette.at + 4 * colour + 2 - channel] ?? 0
  }
}

/** Channels as the bits of a number, fewer than 8 stretched to 0 … 255. */
function maskReader({ masks }: BmpLayout, numberAt: (row: number, x: number) => number): ReadPixel {
  const shifts = masks.map((mask) => (mask === 0 ? 0 : 31 - Math.clz32(mask & -mask)))
  const largest = masks.map((mask, channel) => mask >>> shifts[channel]!)
  return (row, x, pixels, to) => {
    const number = numberAt(row, x)
    for (let channel = 0; channel < 3; channel++) {
      const value = (number & masks[channel]!) >>> shifts[channel]!
      pixels[to + channel] = largest[channel] === 0 ? 0 : Math.round((255 * value) / largest[channel]!)
    }
  }
}

import type { Fit, Size } from '@mnas/core/contracts'
import { placingOf } from '@mnas/images/fitting'

/** Of a canvas at once: browsers limit both sides and the area. */
const mostAtOnce = 2 ** 22

/**
 * What of a picture becomes the input under a fit, as RGB bytes, transparency on white: fitting that gives what fitting the whole would.
 * @param bitmap upright, its colours as in the file
 */
export function readPixels(
  bitmap: ImageBitmap,
  inputSize: number,
  fit: Fit,
): Size & { readonly pixels: Uint8Array<ArrayBuffer> } {
  const { left, top, width, height } = placingOf(bitmap, inputSize, fit).from
  const pixels = new Uint8Array(3 * width * height)
  const rows = Math.min(height, Math.max(1, Math.floor(mostAtOnce / width)))
  const context = new OffscreenCanvas(width, rows).getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' })!
  for (let row = 0; row < height; row += rows) {
    const count = Math.min(rows, height - row)
    context.fillStyle = '#fff'
    context.fillRect(0, 0, width, count)
    context.drawImage(bitmap, left, top + row, width, count, 0, 0, width, count)
    writeRgb(context.getImageData(0, 0, width, count).data, pixels, 3 * width * row)
  }
  return { width, height, pixels }
}

function writeRgb(rgba: Uint8ClampedArray, pixels: Uint8Array, offset: number): void {
  for (let from = 0, to = offset; from < rgba.length; from += 4, to += 3) {
    pixels[to] = rgba[from]!
    pixels[to + 1] = rgba[from + 1]!
    pixels[to + 2] = rgba[from + 2]!
  }
}

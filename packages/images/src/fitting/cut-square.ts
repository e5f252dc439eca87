import type { StoredImage } from '../decoding/stored-image.js'
import { resampler } from '../resampling/node-resampler.js'
import { resampleInBands } from '../resampling/resample-in-bands.js'

/** What stands where a square reaches beyond its picture: grey. */
const ground = 128

/**
 * A square of an upright picture, made smaller where it is larger than `most`; whole numbers throughout, the same bytes on every machine.
 * @param square in whole pixels; it may reach beyond the border, and overlaps the picture
 * @param most side of the result in pixels, at the most
 */
export function cutSquare(
  picture: StoredImage,
  square: { readonly left: number; readonly top: number; readonly side: number },
  most: number,
): StoredImage {
  const left = Math.max(0, square.left)
  const top = Math.max(0, square.top)
  const width = Math.min(picture.width, square.left + square.side) - left
  const height = Math.min(picture.height, square.top + square.side) - top
  const side = Math.min(square.side, most)
  const scaled = (pixels: number) => Math.max(1, Math.round((pixels * side) / square.side))
  const to = { width: scaled(width), height: scaled(height) }
  const whole = { left: 0, top: 0, ...to }
  const seen = resampleInBands(resampler, picture, { from: { left, top, width, height }, to, part: whole })
  const pixels = new Uint8Array(3 * side * side).fill(ground)
  const place = (offset: number, length: number) => Math.min(side - length, Math.round((offset * side) / square.side))
  const [atLeft, atTop] = [place(left - square.left, to.width), place(top - square.top, to.height)]
  for (let row = 0; row < to.height; row++)
    pixels.set(seen.subarray(3 * row * to.width, 3 * (row + 1) * to.width), 3 * ((atTop + row) * side + atLeft))
  return { width: side, height: side, pixels }
}

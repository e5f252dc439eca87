import type { StoredImage } from '@mnas/images/decoding'
import { wholeImage } from '@mnas/images/geometry'
import { resampler } from '@mnas/images/resampling'
import type { PlacedView } from './placed-view.js'

type Color = readonly [number, number, number]

/**
 * Draws the part of an image that a placed view shows.
 * @param part `placed.from` of the stored image
 * @param ground red, green and blue of what the image does not cover
 * @param pixels written, inputSize · inputSize · 3 RGB bytes
 */
export function renderPlaced(
  part: StoredImage,
  { at, view }: PlacedView,
  inputSize: number,
  ground: Color,
  pixels: Uint8Array,
): void {
  if (at.width < inputSize || at.height < inputSize) {
    for (let index = 0; index < pixels.length; index++) pixels[index] = ground[index % 3]!
  }
  resampler.sourcePixels(part).set(part.pixels)
  const to = { width: at.width, height: at.height }
  const drawn = resampler.resample(part, { from: wholeImage(part), to, mirrored: view.mirrored })
  for (let row = 0; row < at.height; row++) {
    const line = drawn.subarray(3 * row * at.width, 3 * (row + 1) * at.width)
    pixels.set(line, 3 * ((at.top + row) * inputSize + at.left))
  }
}

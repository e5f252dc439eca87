import type { Size } from '@mnas/core/contracts'
import type { Box } from '../geometry/box.js'
import { resampler } from './node-resampler.js'

/** What becomes the model's input: a part of the stored image, perhaps mirrored. */
export interface View {
  readonly box: Box
  readonly mirrored: boolean
}

/**
 * A view of an image as inputSize × inputSize RGB bytes, mirrored when asked.
 * @param pixels written, inputSize · inputSize · 3
 */
export function renderView(
  image: Size & { readonly pixels: Uint8Array },
  { box, mirrored }: View,
  inputSize: number,
  pixels: Uint8Array,
): void {
  resampler.sourcePixels(image).set(image.pixels)
  pixels.set(resampler.resample(image, { from: box, to: { width: inputSize, height: inputSize }, mirrored }))
}

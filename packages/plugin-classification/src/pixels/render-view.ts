import type { View } from '../augmentation/augmentation.js'
import type { StoredImage } from './decode-image.js'
import { resample, sourcePixels } from './resample.js'

/**
 * A view of an image as inputSize × inputSize RGB bytes, mirrored when asked.
 * @param pixels written, inputSize · inputSize · 3
 */
export function renderView(image: StoredImage, { box, mirrored }: View, inputSize: number, pixels: Uint8Array): void {
  sourcePixels(image).set(image.pixels)
  pixels.set(resample(image, { from: box, to: { width: inputSize, height: inputSize }, mirrored }))
}

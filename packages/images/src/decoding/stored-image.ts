import type { Size } from '@mnas/core/contracts'
import type { Box, ChooseBox } from '../geometry/box.js'
import type { Kept } from '../geometry/stored-form.js'

/** An image in memory: RGB bytes, row by row, upright. */
export interface StoredImage extends Size {
  readonly pixels: Uint8Array
}

/** An image in its stored form or a part of that, and the size of the picture it was made from. */
export interface DecodedImage extends StoredImage {
  /** Width and height of the whole picture after EXIF rotation. */
  readonly upright: Size
}

/** What is to be decoded. */
export interface WantedPart {
  /** Pixels of the short side of the stored form: storageSize. */
  readonly short: number
  /** Default: middle. */
  readonly kept?: Kept | undefined
  readonly choose: ChooseBox
  /** Of a picture that was decoded whole before: its size after EXIF rotation. */
  readonly upright?: Size | undefined
}

export function cutBox(image: StoredImage, { left, top, width, height }: Box): StoredImage {
  if (width === image.width && height === image.height) return image
  const pixels = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3
    pixels.set(image.pixels.subarray(from, from + width * 3), y * width * 3)
  }
  return { width, height, pixels }
}

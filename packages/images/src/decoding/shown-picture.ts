import type { Size } from '@mnas/core/contracts'
import { encodedJpeg } from './sharp-decoder.js'
import { wholePicture } from './whole-picture.js'

/** A picture as people see it. */
export interface ShownPicture extends Size {
  /** Upright, perhaps smaller than the picture. */
  readonly jpeg: Buffer
}

/** Long side in pixels of what is shown. */
const longest = 1600

/** A picture of any kind we read, to be shown. @returns its own size, upright. @throws Error with the decoder's reason */
export async function shownPicture(bytes: Buffer): Promise<ShownPicture> {
  const picture = await wholePicture(bytes)
  const { width, height } = picture
  return { width, height, jpeg: await encodedJpeg(picture, longest) }
}

import { isBmp } from '../headers/bmp-header.js'
import { decodeBmp } from './decode-bmp.js'
import { inkPixels, pictureFacts, uprightPixels } from './sharp-decoder.js'
import type { StoredImage } from './stored-image.js'

/**
 * Decodes a picture of any kind we read, exactly as its format says (a JPEG by the accurate transform), so that every other exact decoder has
 * the same bytes: the first frame or page, 16 bits by their upper 8, transparency laid on white, grey as RGB, embedded colour profiles ignored.
 * @throws Error with the decoder's reason
 */
export async function wholePicture(bytes: Buffer): Promise<StoredImage> {
  if (isBmp(bytes)) return decodeBmp(bytes)
  const { isInk } = await pictureFacts(bytes)
  return isInk ? inkToLight(await inkPixels(bytes)) : uprightPixels(bytes)
}

/**
 * Cyan, magenta, yellow and black (255 = full ink) → RGB: each ink takes its share of the light, and black of all. What Pillow, torchvision and
 * browsers show without a profile.
 */
function inkToLight({ width, height, pixels: inks }: StoredImage): StoredImage {
  const pixels = new Uint8Array(3 * width * height)
  for (let from = 0, to = 0; to < pixels.length; from += 4, to += 3) {
    const light = 255 - inks[from + 3]!
    for (let channel = 0; channel < 3; channel++) pixels[to + channel] = (light * (255 - inks[from + channel]!) + 127) / 255
  }
  return { width, height, pixels }
}

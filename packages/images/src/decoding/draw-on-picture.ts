import type { Size } from '@mnas/core/contracts'
import { drawnPng } from './sharp-decoder.js'
import { wholePicture } from './whole-picture.js'

/** Long side in pixels of what is drawn on; larger pictures are shown smaller. */
const longest = 1600

/**
 * A picture of any kind we read, upright as people see it, with something drawn on it, as a PNG file.
 * @param svg elements in pixels of the picture, of that size, without the `<svg>` around them
 * @throws Error with the decoder's reason
 */
export async function drawOnPicture(bytes: Buffer, svg: (picture: Size) => string): Promise<Uint8Array> {
  const picture = await wholePicture(bytes)
  const { width, height } = picture
  const scale = Math.min(1, longest / Math.max(width, height))
  const to = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
  const head =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${to.width}" height="${to.height}" ` +
    'preserveAspectRatio="none">'
  return drawnPng(picture, to, `${head}${svg({ width, height })}</svg>`)
}

import type { Picture } from '../protocol.js'
import { checkPicture, undecoded } from './check-picture.js'

/** Colours as in the file, turned as EXIF says, alpha apart: what every exact decoder gives. */
const exactly = { colorSpaceConversion: 'none', imageOrientation: 'from-image', premultiplyAlpha: 'none' } as const

/** @throws MNAS_DATA_IMAGE, MNAS_PAGE_OTHERWISE, MNAS_PAGE_UNDECODED */
export async function decodePicture(picture: Picture): Promise<ImageBitmap> {
  if (picture.kind === 'frame') return picture.bitmap
  const { name, blob } = picture
  const bytes = new Uint8Array(await blob.arrayBuffer())
  checkPicture(bytes, name)
  try {
    return await createImageBitmap(blob, exactly)
  } catch (error) {
    throw undecoded(bytes, name, error)
  }
}

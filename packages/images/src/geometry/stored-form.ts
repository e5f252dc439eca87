import type { Frame, Preprocessing, Size } from '@mnas/core/contracts'
import { imagesErrors } from '../errors.js'
import type { Box } from './box.js'

/**
 * Short side in pixels of a stored image: what evaluation resizes to, so that its centre crop needs no second resampling.
 * @throws MNAS_DATA_FIT for another fit than a crop
 */
export function storageSize(inputSize: number, { fit }: Pick<Preprocessing, 'fit'>): number {
  if (fit.kind !== 'crop') throw imagesErrors.MNAS_DATA_FIT({ received: fit.kind })
  return Math.round(inputSize / fit.fraction)
}

/** The long side of a stored image is at most this many short sides; of a longer one the middle is kept. */
export const maxAspect = 2

/** Width and height (after EXIF rotation) of the stored form of an image. @param short its short side: storageSize */
export function storedSize({ width, height }: Size, short: number): Size {
  const aspect = Math.min(maxAspect, Math.max(width, height) / Math.min(width, height))
  const long = Math.round(short * aspect)
  return width >= height ? { width: long, height: short } : { width: short, height: long }
}

/** What of an image of that size becomes its stored form. */
export function keptMiddle({ width, height }: Size): Box {
  const longest = maxAspect * Math.min(width, height)
  const kept = { width: Math.min(width, longest), height: Math.min(height, longest) }
  return { left: (width - kept.width) >> 1, top: (height - kept.height) >> 1, ...kept }
}

/** The way from a crop of a stored form back to the photo. @param crop of the stored form, as large as the model's input */
export function cropFrame(photo: Size, stored: Size, crop: Box): Frame {
  const kept = keptMiddle(photo)
  const scale = [stored.width / kept.width, stored.height / kept.height] as const
  return { photo, scale, offset: [-kept.left * scale[0] - crop.left, -kept.top * scale[1] - crop.top] }
}

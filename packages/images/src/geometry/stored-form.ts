import type { Frame, Preprocessing, Size } from '@mnas/core/contracts'
import { type Box, wholeImage } from './box.js'

/** Of whole pictures: room for crops that look closer. */
const wholeSurplus = 1.25

/** How much of a picture its stored form shows: the middle of a very long one, or all of it. */
export type Kept = 'middle' | 'whole'

/** A crop loses the ends of a long picture anyway; the other fits show all of it. */
export const keptOf = ({ fit }: Pick<Preprocessing, 'fit'>): Kept => (fit.kind === 'crop' ? 'middle' : 'whole')

/**
 * Short side in pixels of a stored image. Of a crop: what evaluation resizes to, so that its centre crop needs no second resampling. Of the
 * other fits: a quarter more than the input.
 */
export function storageSize(inputSize: number, { fit }: Pick<Preprocessing, 'fit'>): number {
  return Math.round(fit.kind === 'crop' ? inputSize / fit.fraction : inputSize * wholeSurplus)
}

/** The long side of a stored image is at most this many short sides; of a longer one the middle is kept, or the whole is squeezed. */
export const maxAspect = 2

/** Width and height (after EXIF rotation) of the stored form of an image. @param short its short side: storageSize */
export function storedSize({ width, height }: Size, short: number): Size {
  const aspect = Math.min(maxAspect, Math.max(width, height) / Math.min(width, height))
  const long = Math.round(short * aspect)
  return width >= height ? { width: long, height: short } : { width: short, height: long }
}

/** The middle of a long image, and all of another. */
export function keptMiddle({ width, height }: Size): Box {
  const longest = maxAspect * Math.min(width, height)
  const kept = { width: Math.min(width, longest), height: Math.min(height, longest) }
  return { left: (width - kept.width) >> 1, top: (height - kept.height) >> 1, ...kept }
}

/** What of an image of that size becomes its stored form. */
export const keptBox = (size: Size, kept: Kept): Box => (kept === 'whole' ? wholeImage(size) : keptMiddle(size))

/** The way from a crop of a stored form back to the photo. @param crop of the stored form, as large as the model's input */
export function cropFrame(photo: Size, stored: Size, crop: Box): Frame {
  const kept = keptMiddle(photo)
  const scale = [stored.width / kept.width, stored.height / kept.height] as const
  return { photo, scale, offset: [-kept.left * scale[0] - crop.left, -kept.top * scale[1] - crop.top] }
}

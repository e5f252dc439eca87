import type { Preprocessing } from '@mnas/core/contracts'
import type { Box, Size } from './box.js'

/** Short side in pixels of a stored image: what evaluation resizes to, so that its centre crop needs no second resampling. */
export function storageSize(inputSize: number, { cropFraction }: Pick<Preprocessing, 'cropFraction'>): number {
  return Math.round(inputSize / cropFraction)
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

import type { Preprocessing } from '@mnas/core/contracts'

/** Of models trained from scratch. Evaluation: short side to inputSize / .875, centre crop of inputSize (224 of 256), pixels to [−1, 1]. */
export const preprocessing = {
  resize: 'shortSide',
  cropFraction: 0.875,
  mean: [127.5, 127.5, 127.5],
  std: [127.5, 127.5, 127.5],
  exif: 'applied',
} as const satisfies Preprocessing

/** Short side in pixels of a stored image: what evaluation resizes to, so that its centre crop needs no second resampling. */
export function storageSize(inputSize: number, { cropFraction }: Pick<Preprocessing, 'cropFraction'>): number {
  return Math.round(inputSize / cropFraction)
}

/** The long side of a stored image is at most this many short sides; of a longer one the middle is kept. */
export const maxAspect = 2

export interface Size {
  readonly width: number
  readonly height: number
}

/** Width and height (after EXIF rotation) of the stored form of an image. @param short its short side: storageSize */
export function storedSize({ width, height }: Size, short: number): Size {
  const aspect = Math.min(maxAspect, Math.max(width, height) / Math.min(width, height))
  const long = Math.round(short * aspect)
  return width >= height ? { width: long, height: short } : { width: short, height: long }
}

/** Part of an image, in whole pixels. */
export interface Box extends Size {
  readonly left: number
  readonly top: number
}

/** Which part of a stored image of that size is wanted. */
export type ChooseBox = (stored: Size) => Box

export const wholeImage: ChooseBox = ({ width, height }) => ({ left: 0, top: 0, width, height })

/** What of an image of that size becomes its stored form. */
export function keptMiddle({ width, height }: Size): Box {
  const longest = maxAspect * Math.min(width, height)
  const kept = { width: Math.min(width, longest), height: Math.min(height, longest) }
  return { left: (width - kept.width) >> 1, top: (height - kept.height) >> 1, ...kept }
}

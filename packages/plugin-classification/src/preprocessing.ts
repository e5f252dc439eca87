import type { Fit, Frame, Preprocessing, Size } from '@mnas/core/contracts'
import { classificationErrors } from './errors.js'

export type { Size }

/** Of models trained from scratch. Evaluation: short side to inputSize / .875, centre crop of inputSize (224 of 256), pixels to [−1, 1]. */
export const preprocessing = {
  fit: { kind: 'crop', fraction: 0.875 },
  mean: [127.5, 127.5, 127.5],
  std: [127.5, 127.5, 127.5],
  exif: 'applied',
} as const satisfies Preprocessing

/** Short side in pixels of a stored image: what evaluation resizes to, so that its centre crop needs no second resampling. */
export function storageSize(inputSize: number, { fit }: Pick<Preprocessing, 'fit'>): number {
  return Math.round(inputSize / cropOf(fit).fraction)
}

/** A classifier cuts a square out of the middle. @throws MNAS_DATA_FIT for a bundle that reads its images otherwise */
export function cropOf(fit: Fit): Extract<Fit, { kind: 'crop' }> {
  if (fit.kind === 'crop') return fit
  throw classificationErrors.MNAS_DATA_FIT({ received: fit.kind })
}

/** Of weights of another model: mean and deviation, and its crop when it has one. */
export function inherit(other: Preprocessing): Preprocessing {
  return other.fit.kind === 'crop' ? other : { ...other, fit: preprocessing.fit }
}

/** The long side of a stored image is at most this many short sides; of a longer one the middle is kept. */
export const maxAspect = 2

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

/** The way from the evaluation's crop of a picture back to it. @param view of the stored form */
export function frameOf(photo: Size, stored: Size, view: Box): Frame {
  const kept = keptMiddle(photo)
  const scale = [stored.width / kept.width, stored.height / kept.height] as const
  return { photo, scale, offset: [-kept.left * scale[0] - view.left, -kept.top * scale[1] - view.top] }
}

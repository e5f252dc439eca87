import type { Size } from '@mnas/core/contracts'

/** Part of an image, in whole pixels. */
export interface Box extends Size {
  readonly left: number
  readonly top: number
}

/** Which part of a stored image of that size is wanted. */
export type ChooseBox = (stored: Size) => Box

export const wholeImage: ChooseBox = ({ width, height }) => ({ left: 0, top: 0, width, height })

/** The middle of an image. */
export function centreBox(image: Size, width: number, height: number): Box {
  return { left: (image.width - width) >> 1, top: (image.height - height) >> 1, width, height }
}

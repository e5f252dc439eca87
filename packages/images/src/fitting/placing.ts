import type { Fit, Frame, Size } from '@mnas/core/contracts'
import { type Box, centreBox, wholeImage } from '../geometry/box.js'
import { keptMiddle, storageSize, storedSize } from '../geometry/stored-form.js'

/** Where the pixels of an input come from: `from` the photo, scaled `to` a size, of which `part` stands at `left`, `top` of the input. */
export interface Placing {
  readonly from: Box
  readonly to: Size
  readonly part: Box
  readonly left: number
  readonly top: number
}

/**
 * How an upright photo becomes a square input under a fit.
 * @param inputSize side of the input in pixels
 */
export function placingOf(photo: Size, inputSize: number, fit: Fit): Placing {
  switch (fit.kind) {
    case 'crop': {
      const to = storedSize(photo, storageSize(inputSize, { fit }))
      return { from: keptMiddle(photo), to, part: centreBox(to, inputSize, inputSize), left: 0, top: 0 }
    }
    case 'stretch': {
      const to = { width: inputSize, height: inputSize }
      return { from: wholeImage(photo), to, part: wholeImage(to), left: 0, top: 0 }
    }
    case 'letterbox': {
      const scale = inputSize / Math.max(photo.width, photo.height)
      const side = (length: number) => Math.max(1, Math.round(length * scale))
      const to = { width: side(photo.width), height: side(photo.height) }
      const [left, top] = [(inputSize - to.width) >> 1, (inputSize - to.height) >> 1]
      return { from: wholeImage(photo), to, part: wholeImage(to), left, top }
    }
    default:
      return fit satisfies never
  }
}

/** The way back from an input to the photo. */
export function frameOf({ width, height }: Size, { from, to, part, left, top }: Placing): Frame {
  const scale = [to.width / from.width, to.height / from.height] as const
  return {
    photo: { width, height },
    scale,
    offset: [left - part.left - from.left * scale[0], top - part.top - from.top * scale[1]],
  }
}

import type { Frame } from '@mnas/core/contracts'
import type { PixelBox } from '../evaluation/box-tables.js'
import type { Detections } from './suppression.js'

/** A thing that was found in a photo. */
export interface PhotoDetection {
  /** Label index. */
  readonly label: number
  /** 0–1. */
  readonly score: number
  /** In pixels of the upright photo, within it. */
  readonly box: PixelBox
}

/**
 * What was found in an input, in the photo that it was made of, the best first. Boxes are clipped to the photo; one that lies
 * outside is left out.
 * @param inputSize side of the input in pixels
 */
export function inPhoto({ boxes, classes, scores }: Detections, frame: Frame, inputSize: number): readonly PhotoDetection[] {
  const { photo, scale, offset } = frame
  const place = (share: number, axis: 0 | 1) => {
    const pixel = (share * inputSize - offset[axis]) / scale[axis]
    return Math.min(axis === 0 ? photo.width : photo.height, Math.max(0, pixel))
  }
  return [...classes].flatMap((label, row) => {
    const [top, left, bottom, right] = boxes.subarray(4 * row, 4 * row + 4) as unknown as readonly [
      number,
      number,
      number,
      number,
    ]
    const [x, y] = [place(left, 0), place(top, 1)]
    const [width, height] = [place(right, 0) - x, place(bottom, 1) - y]
    return width > 0 && height > 0 ? [{ label, score: scores[row]!, box: [x, y, width, height] as const }] : []
  })
}

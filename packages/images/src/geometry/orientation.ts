import type { Size } from '@mnas/core/contracts'
import type { Box } from './box.js'

/** EXIF 2.3 §4.6.4: which sides of the picture the first stored row and column are. 1: stored upright. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

interface Turn {
  /** Rows are stored as columns. */
  readonly transposed: boolean
  /** In the upright picture, before rows and columns change places. */
  readonly fromRight: boolean
  readonly fromBottom: boolean
}

const turns = {
  1: { transposed: false, fromRight: false, fromBottom: false },
  2: { transposed: false, fromRight: true, fromBottom: false },
  3: { transposed: false, fromRight: true, fromBottom: true },
  4: { transposed: false, fromRight: false, fromBottom: true },
  5: { transposed: true, fromRight: false, fromBottom: false },
  6: { transposed: true, fromRight: true, fromBottom: false },
  7: { transposed: true, fromRight: true, fromBottom: true },
  8: { transposed: true, fromRight: false, fromBottom: true },
} as const satisfies Readonly<Record<Orientation, Turn>>

/** Upright ↔ as stored in the file. */
export function turnSize({ width, height }: Size, orientation: Orientation): Size {
  return turns[orientation].transposed ? { width: height, height: width } : { width, height }
}

/** Where in the picture as stored a box of the upright one lies. @param upright the upright picture's size */
export function turnBox(box: Box, upright: Size, orientation: Orientation): Box {
  const { transposed, fromRight, fromBottom } = turns[orientation]
  const left = fromRight ? upright.width - box.left - box.width : box.left
  const top = fromBottom ? upright.height - box.top - box.height : box.top
  return transposed ? { left: top, top: left, ...turnSize(box, orientation) } : { ...box, left, top }
}

/** RGB bytes of a picture as stored → upright. @param upright the size of the result */
export function turnPixels(stored: Uint8Array, { width, height }: Size, orientation: Orientation): Uint8Array {
  const { transposed, fromRight, fromBottom } = turns[orientation]
  const [right, down] = transposed ? [height, 1] : [1, width]
  const pixels = new Uint8Array(stored.length)
  let to = 0
  for (let y = 0; y < height; y++) {
    const row = (fromBottom ? height - 1 - y : y) * down
    for (let x = 0; x < width; x++) {
      const from = 3 * (row + (fromRight ? width - 1 - x : x) * right)
      pixels[to] = stored[from]!
      pixels[to + 1] = stored[from + 1]!
      pixels[to + 2] = stored[from + 2]!
      to += 3
    }
  }
  return pixels
}

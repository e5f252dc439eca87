import type { Size } from '@mnas/core/contracts'
import { type Orientation, turnBox } from '@mnas/images/geometry'
import { clipBox } from '../../annotations/clip-box.js'
import type { SkipCounter } from '../../annotations/skip-counter.js'
import type { PixelBox } from '../../evaluation/box-tables.js'
import type { TruthBox } from '../annotated-data.js'
import type { FoundAnnotations, FoundImage } from '../found-annotations.js'
import type { PictureFacts } from './picture-facts.js'

/** Which picture the boxes were drawn on: as it is shown, as nearly all tools do, or as it is stored. */
export type BoxOrientation = 'shown' | 'stored'

/** Whose turn undoes a turn: a quarter to the left undoes one to the right. */
const opposite = { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6 } as const satisfies Readonly<Record<Orientation, Orientation>>

/**
 * Boxes of an image in pixels of the upright picture, cut at its border.
 * @param skips what is left out is counted here
 * @param twice so are boxes that are there twice, which is no fault
 */
export function settleBoxes(
  { boxes, name }: FoundImage,
  { stored, upright, orientation }: PictureFacts,
  { unit, drawnOn, skips, twice }: SettleOptions,
): readonly TruthBox[] {
  const drawn = drawnOn === 'stored' ? stored : upright
  const factor = unit === 'shares' ? drawn : { width: 1, height: 1 }
  const seen = new Set<string>()
  return boxes.flatMap(({ box: found, area, ...rest }) => {
    const pixels = scaled(found, factor)
    const box = clipBox(drawnOn === 'stored' ? turned(pixels, stored, orientation) : pixels, upright)
    const key = `${rest.label} ${found.join(' ')} ${rest.crowd}`
    if (box === null) skips.add('box of which less than half lies in the image', name)
    else if (seen.has(key)) twice.add('box that is there twice', name)
    else {
      seen.add(key)
      const [x, y, width, height] = box
      return [{ ...rest, box: { x, y, width, height }, area: area ?? width * height }]
    }
    return []
  })
}

export interface SettleOptions extends Pick<FoundAnnotations, 'unit'> {
  readonly drawnOn: BoxOrientation
  readonly skips: SkipCounter
  readonly twice: SkipCounter
}

const scaled = ([x, y, width, height]: PixelBox, by: Size): PixelBox => [
  x * by.width,
  y * by.height,
  width * by.width,
  height * by.height,
]

/** Stored → upright. */
function turned([left, top, width, height]: PixelBox, stored: Size, orientation: Orientation): PixelBox {
  const box = turnBox({ left, top, width, height }, stored, opposite[orientation])
  return [box.left, box.top, box.width, box.height]
}

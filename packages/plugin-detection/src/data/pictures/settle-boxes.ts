import type { Size } from '@mnas/core/contracts'
import { clipBox } from '../../annotations/clip-box.js'
import type { SkipCounter } from '../../annotations/skip-counter.js'
import type { PixelBox } from '../../evaluation/box-tables.js'
import type { TruthBox } from '../annotated-data.js'
import type { FoundAnnotations, FoundImage } from '../found-annotations.js'

/**
 * Boxes of an image in its pixels, cut at its border. They are drawn on it as it is shown, as nearly all tools do.
 * @param upright size of the image as shown
 * @param skips what is left out is counted here
 * @param twice so are boxes that are there twice, which is no fault
 */
export function settleBoxes(
  { boxes, name }: FoundImage,
  upright: Size,
  { unit, skips, twice }: SettleOptions,
): readonly TruthBox[] {
  const factor = unit === 'shares' ? upright : { width: 1, height: 1 }
  const seen = new Set<string>()
  return boxes.flatMap(({ box: found, area, ...rest }) => {
    const box = clipBox(scaled(found, factor), upright)
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
  readonly skips: SkipCounter
  readonly twice: SkipCounter
}

const scaled = ([x, y, width, height]: PixelBox, by: Size): PixelBox => [
  x * by.width,
  y * by.height,
  width * by.width,
  height * by.height,
]

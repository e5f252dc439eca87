import type { Photo } from '../data/packed-photos.js'

/** The boxes of a class. Crowds are counted apart; the others by the area of the object, in pixels of the photo, as COCO does. */
export interface ClassBoxes {
  readonly label: string
  /** All of them. */
  readonly boxes: number
  readonly small: number
  readonly medium: number
  readonly large: number
  readonly crowds: number
}

export interface BoxCounts {
  readonly classes: readonly ClassBoxes[]
  readonly pictures: number
  readonly withoutBoxes: number
}

const [mostSmall, mostMedium] = [32 ** 2, 96 ** 2]

export function countBoxes(photos: Iterable<Photo>, labels: readonly string[]): BoxCounts {
  const classes = labels.map((label) => ({ label, boxes: 0, small: 0, medium: 0, large: 0, crowds: 0 }))
  const counts = { pictures: 0, withoutBoxes: 0 }
  for (const { boxes } of photos) {
    counts.pictures++
    if (boxes.length === 0) counts.withoutBoxes++
    for (const { label, area, crowd } of boxes) {
      const own = classes[label]!
      own.boxes++
      own[crowd ? 'crowds' : area <= mostSmall ? 'small' : area <= mostMedium ? 'medium' : 'large']++
    }
  }
  return { classes, ...counts }
}

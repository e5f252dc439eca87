import type { Mark } from '@mnas/images/sheets'
import type { Photo } from '../data/packed-photos.js'

/** Told apart by label; the dark edge below them is the sheet's. */
const colours = ['#ffb000', '#4cc9f0', '#80ed99', '#ff6f91', '#c77dff', '#f4f1de'] as const

/** The boxes of a photo, as they are drawn on it. */
export function marksOf({ boxes }: Photo, labels: readonly string[]): readonly Mark[] {
  return boxes.map(({ label, box: [x, y, width, height], crowd }) => {
    const text = crowd ? `${labels[label]} (crowd)` : labels[label]!
    return { x, y, width, height, text, colour: colours[label % colours.length]! }
  })
}

import type { PixelBox } from '../evaluation/box-tables.js'
import type { AnnotatedExample } from './annotated-data.js'

/** What is annotated of photos, by their index, in shared memory: threads read it without a copy. Plain data. */
export interface PackedPhotos {
  /** [photos, 3]: id, width and height, upright. */
  readonly photos: Float64Array
  /** Of each photo, its first row of `boxes`; one more for the end. */
  readonly starts: Uint32Array
  /** [boxes, 8]: label, x, y, width, height, area, crowd, difficult. */
  readonly boxes: Float64Array
}

const [photoColumns, boxColumns] = [3, 8]

/** A thing in a photo, in its pixels. */
export interface PhotoBox {
  /** Label index. */
  readonly label: number
  readonly box: PixelBox
  readonly area: number
  readonly crowd: boolean
  readonly difficult: boolean
}

export interface Photo {
  readonly id: number
  readonly width: number
  readonly height: number
  readonly boxes: readonly PhotoBox[]
}

export function packPhotos(examples: readonly Omit<AnnotatedExample, 'file'>[]): PackedPhotos {
  const count = examples.reduce((sum, { boxes }) => sum + boxes.length, 0)
  const photos = new Float64Array(new SharedArrayBuffer(8 * photoColumns * examples.length))
  const starts = new Uint32Array(new SharedArrayBuffer(4 * (examples.length + 1)))
  const boxes = new Float64Array(new SharedArrayBuffer(8 * boxColumns * count))
  let row = 0
  for (const [index, example] of examples.entries()) {
    photos.set([example.id, example.size.width, example.size.height], photoColumns * index)
    for (const { label, box, area, crowd, difficult } of example.boxes) {
      boxes.set([label, box.x, box.y, box.width, box.height, area, Number(crowd), Number(difficult)], boxColumns * row++)
    }
    starts[index + 1] = row
  }
  return { photos, starts, boxes }
}

export const photoId = ({ photos }: PackedPhotos, index: number): number => photos[photoColumns * index]!

export function photoAt({ photos, starts, boxes }: PackedPhotos, index: number): Photo {
  const [id, width, height] = photos.subarray(photoColumns * index, photoColumns * (index + 1)) as unknown as Triple
  const rows = Array.from({ length: starts[index + 1]! - starts[index]! }, (_, row): PhotoBox => {
    const at = boxColumns * (starts[index]! + row)
    const value = (column: number) => boxes[at + column]!
    const box = [value(1), value(2), value(3), value(4)] as const
    return { label: value(0), box, area: value(5), crowd: value(6) === 1, difficult: value(7) === 1 }
  })
  return { id, width, height, boxes: rows }
}

type Triple = readonly [number, number, number]

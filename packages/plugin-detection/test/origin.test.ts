import { packPaths } from '@mnas/images/listing'
import { describe, expect, it } from 'vitest'
import { type AnnotatedIds, originOfSplit } from '#internal/batches/origin-of-split.js'
import { packPhotos } from '#internal/data/packed-photos.js'

const ids = { format: 'coco', labelIds: [3, 90] } as const
type Photos = readonly (readonly [id: number, path: string])[]
const two: Photos = [
  [8, 'b.jpg'],
  [5, 'a.jpg'],
]
const originOf = (annotated: AnnotatedIds, split: 'all' | 'train' | 'validation', photos = two) =>
  originOfSplit(annotated, {
    split,
    images: Uint32Array.from(photos.keys()),
    annotated: packPhotos(photos.map(([id]) => ({ id, size: { width: 4, height: 2 }, boxes: [] }))),
    paths: packPaths(photos.map(([, path]) => path)),
  })

describe('what annotations call photos and classes', () => {
  it("are COCO's own ids, of the file that the split is from", () => {
    expect(originOf(ids, 'all')).toEqual({ categories: [3, 90], files: null })
    const apart = { ...ids, ownLabelIds: { validation: [1, null] } } as const
    expect(originOf(apart, 'train').categories).toEqual([3, 90])
    expect(originOf(apart, 'validation').categories).toEqual([1, null])
  })

  it('are places in a list elsewhere, with the file of each', () => {
    const voc = { format: 'voc', labelIds: [0, 1] } as const
    expect(originOf(voc, 'validation')).toEqual({ categories: [0, 1], files: { 8: 'b.jpg', 5: 'a.jpg' } })
  })

  it('are refused where two files call different things alike', () => {
    const refused = expect.objectContaining({ code: 'MNAS_DETECTION_IDS' })
    const twice: Photos = [
      [8, 'train/b.jpg'],
      [8, 'val/b.jpg'],
    ]
    expect(() => originOf(ids, 'all', twice)).toThrow(refused)
    expect(() => originOf({ ...ids, ownLabelIds: { validation: [90, 3] } }, 'all')).toThrow(refused)
    expect(originOf({ ...ids, ownLabelIds: { validation: [3, null] } }, 'all').categories).toEqual([3, 90])
  })
})

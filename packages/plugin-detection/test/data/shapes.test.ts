import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exampleRandom } from '@mnas/images/random'
import { expect, it } from 'vitest'
import { anchorOptionsSchema } from '#internal/anchors/anchor-options.js'
import { makeAnchors } from '#internal/anchors/make-anchors.js'
import { cornersOf } from '#internal/boxes/overlap.js'
import { anchorCoverage } from '#internal/check/anchor-coverage.js'
import { openAnnotatedData } from '#internal/data/open-annotated-data.js'
import { placeShapes, shapeLabels, writeShapes } from '../../../../bench/detection/shapes.mjs'
import { temporaryFolder } from '../../../images/test/support/pictures.js'

it('has shapes that anchors cover at 160 px as they do those of the prototype', () => {
  const maps = [10, 5, 3, 2, 1, 1].map((side) => [side, side] as const)
  const anchors = cornersOf(makeAnchors(maps, anchorOptionsSchema.parse({ first: 3 })))
  const pictures = Array.from({ length: 400 }, (_, picture) => ({
    boxes: Float64Array.from(
      placeShapes(exampleRandom(7, 0, picture)).flatMap(({ box: [x, y, width, height] }) => [y, x, y + height, x + width]),
    ),
    unseen: 0,
  }))
  const { boxes, withoutAnchor, farFromAnchors } = anchorCoverage(anchors, pictures, 0.5)
  expect(boxes).toBe(1392)
  expect(Math.abs(1 - withoutAnchor / boxes - 0.999)).toBeLessThan(0.02)
  expect(Math.abs(1 - farFromAnchors / boxes - 0.607)).toBeLessThan(0.02)
})

it('says which boxes no anchor finds: of two alike one, and none is near what is far smaller', () => {
  const anchors = Float64Array.of(0, 0, 0.5, 0.5)
  const alike = Float64Array.of(0, 0, 0.5, 0.4, 0, 0, 0.4, 0.5)
  const small = Float64Array.of(0.1, 0.1, 0.2, 0.2)
  const pictures = [
    { boxes: alike, unseen: 0 },
    { boxes: small, unseen: 2 },
    { boxes: new Float64Array(), unseen: 0 },
  ]
  expect(anchorCoverage(anchors, pictures, 0.5)).toEqual({ boxes: 5, withoutAnchor: 3, farFromAnchors: 3 })
})

it('is written as data that opens, the same bytes in every run', async () => {
  const [folder, again] = [await temporaryFolder(), await temporaryFolder()]
  for (const place of [folder, again]) await writeShapes(place, { train: 12, val: 3, size: 48 })
  for (const name of ['train/0012.png', 'val/0003.png', 'train/_annotations.coco.json'])
    expect(await readFile(join(again, name))).toEqual(await readFile(join(folder, name)))
  const { format, labels, splits, skipped } = await openAnnotatedData(folder)
  expect([format, labels, skipped]).toEqual(['coco', shapeLabels, []])
  expect([splits.train.length + splits.heldOut.length, splits.validation.length]).toEqual([12, 3])
})

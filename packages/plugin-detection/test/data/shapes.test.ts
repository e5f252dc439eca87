import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exampleRandom } from '@mnas/images/random'
import { expect, it } from 'vitest'
import { anchorOptionsSchema } from '#internal/anchors/anchor-options.js'
import { makeAnchors } from '#internal/anchors/make-anchors.js'
import { cornersOf, overlap } from '#internal/boxes/overlap.js'
import { openAnnotatedData } from '#internal/data/open-annotated-data.js'
import { matchAnchors } from '#internal/targets/match-anchors.js'
import { placeShapes, shapeLabels, writeShapes } from '../../../../bench/detection/shapes.mjs'
import { temporaryFolder } from '../../../images/test/support/pictures.js'

it('has shapes that anchors cover at 160 px as they do those of the prototype', () => {
  const maps = [10, 5, 3, 2, 1, 1].map((side) => [side, side] as const)
  const anchors = cornersOf(makeAnchors(maps, anchorOptionsSchema.parse({ first: 3 })))
  const counts = { boxes: 0, matched: 0, near: 0 }
  for (let picture = 0; picture < 400; picture++) {
    const shapes = placeShapes(exampleRandom(7, 0, picture))
    const boxes = Float64Array.from(shapes.flatMap(({ box: [x, y, width, height] }) => [y, x, y + height, x + width]))
    counts.boxes += shapes.length
    counts.matched += new Set([...matchAnchors(anchors, boxes, 0.5)].filter((box) => box >= 0)).size
    for (let box = 0; box < shapes.length; box++) {
      const best = Math.max(...Array.from({ length: anchors.length / 4 }, (_, at) => overlap(anchors, at, boxes, box)))
      if (best >= 0.5) counts.near++
    }
  }
  expect(Math.abs(counts.matched / counts.boxes - 0.999)).toBeLessThan(0.02)
  expect(Math.abs(counts.near / counts.boxes - 0.607)).toBeLessThan(0.02)
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

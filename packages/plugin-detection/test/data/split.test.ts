import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AnnotatedExample } from '#internal/data/annotated-data.js'
import { openAnnotatedData } from '#internal/data/open-annotated-data.js'
import { splitExamples } from '#internal/data/split-examples.js'
import { sharedData } from '../../../../test/support/shared-data.js'
import { temporaryFolder } from '../../../images/test/support/pictures.js'

const box = (label: number) => ({
  ...{ label, box: { x: 0, y: 0, width: 1, height: 1 }, crowd: false, difficult: false, area: 1, id: 1 },
})
const example = (labels: readonly number[], id: number): AnnotatedExample => ({
  ...{ file: `/data/${id}.jpg`, id, size: { width: 9, height: 9 }, boxes: labels.map(box) },
})
const withLabel = (examples: readonly AnnotatedExample[], label: number) =>
  examples.filter(({ boxes }) => boxes.some((one) => one.label === label)).length

it('sets apart by picture: a label of one picture stays, no label loses its last one, the order of the files does not matter', () => {
  const pictures = fc.array(fc.array(fc.nat({ max: 5 }), { maxLength: 4 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(pictures, (labels) => {
      const examples = labels.map(example)
      const options = { labels: 6, purpose: 'validation' } as const
      const { apart, rest } = splitExamples(examples, options)
      expect([...apart, ...rest].map(({ id }) => id).sort((a, b) => a - b)).toEqual(examples.map(({ id }) => id))
      for (let label = 0; label < 6; label++) expect(withLabel(rest, label) > 0).toBe(withLabel(examples, label) > 0)
      expect(splitExamples(examples.toReversed(), options)).toEqual({ apart, rest })
    }),
  )
})

it('gives each label its share where labels do not share pictures', () => {
  const examples = Array.from({ length: 240 }, (_, at) => example([at % 40 === 0 ? 2 : at % 4 === 0 ? 1 : 0], at))
  const { apart } = splitExamples(examples, { labels: 3, purpose: 'held-out' })
  expect([0, 1, 2].map((label) => withLabel(apart, label))).toEqual([27, 8, 1])
})

const archive = sharedData('coco137.tar')
if (!archive && process.env['CI']) throw new Error('coco137.tar is not at ../shared/data')

it.skipIf(!archive)('opens coco137 as it is unpacked', async () => {
  const folder = await temporaryFolder()
  execFileSync('tar', ['xf', archive!, '-C', folder])
  const data = await openAnnotatedData(folder)
  const { train, heldOut, validation } = data.splits
  expect([data.format, data.labels.length, data.labelIds.at(-1), data.skipped]).toEqual(['coco', 80, 90, []])
  const all = [...train, ...heldOut, ...validation]
  expect([all.length, all.flatMap(({ boxes }) => boxes).length]).toEqual([137, 1287])
  const inTwo = data.labels.map((_, label) => label).filter((label) => withLabel(all, label) > 1)
  for (const label of inTwo) expect(withLabel(train, label)).toBeGreaterThan(0)
  expect(inTwo.filter((label) => withLabel(validation, label) === 0)).toEqual([])
  const again = await openAnnotatedData(join(folder, 'coco137', 'instances.json'))
  expect(again).toEqual({ ...data, folder: join(data.folder, 'coco137'), takenFor: 'COCO: instances.json' })
})

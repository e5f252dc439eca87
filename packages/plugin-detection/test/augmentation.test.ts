import type { JsonObject } from '@mnas/core/contracts'
import { exampleRandom } from '@mnas/images/random'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAugmentation } from '#internal/augmentation/augmentation.js'
import { boxesInView, shareInside } from '#internal/augmentation/boxes-in-view.js'
import { randomView } from '#internal/augmentation/random-view.js'
import { recipes } from '#internal/recipes.js'

const share = fc.double({ min: 0, max: 1, noNaN: true })
const boxes = fc
  .array(fc.tuple(share, share, share, share), { maxLength: 5 })
  .map((rows) =>
    Float64Array.from(
      rows.flatMap(([a, b, c, d]) =>
        [Math.min(a, c), Math.min(b, d), Math.max(a, c) + 0.02, Math.max(b, d) + 0.02].map((v) => v / 1.02),
      ),
    ),
  )
const sizes = fc.record({ width: fc.integer({ min: 20, max: 900 }), height: fc.integer({ min: 20, max: 900 }) })
const seeds = fc.integer({ min: 0, max: 1e6 })
const labelsOf = (all: Float64Array) => Int32Array.from({ length: all.length / 4 }, (_, at) => at)

describe('a view', () => {
  it('of no augmentation is the whole image', () => {
    const view = randomView({ width: 9, height: 5 }, Float64Array.of(0, 0, 1, 1), parseAugmentation({}), exampleRandom(1, 2, 3))
    expect(view).toEqual({ left: 0, top: 0, width: 1, height: 1, mirrored: false, covers: 0 })
  })

  it('is a crop of the area and aspect that are asked for, in the image, on some box as far as its rule says', () => {
    const { crop } = recipes.paper.augmentation
    const augmentation = parseAugmentation({ crop: { ...crop, chance: 1 } })
    fc.assert(
      fc.property(sizes, boxes, seeds, (image, all, seed) => {
        const view = randomView(image, all, augmentation, exampleRandom(seed, 0, 0))
        expect(randomView(image, all, augmentation, exampleRandom(seed, 0, 0))).toEqual(view)
        if (view.width === 1 && view.height === 1) return
        expect(Math.min(view.left, view.top, 1 - view.left - view.width, 1 - view.top - view.height)).toBeGreaterThanOrEqual(
          -1e-12,
        )
        const area = view.width * view.height
        const aspect = (view.width * image.width) / (view.height * image.height)
        expect([area >= 0.1 - 1e-9, aspect >= 0.5 - 1e-9, aspect <= 2 + 1e-9]).toEqual([true, true, true])
        expect(crop.covers).toContain(view.covers)
        const shares = [...labelsOf(all)].map((box) => shareInside(view, all, box))
        if (shares.length > 0) expect(Math.max(...shares)).toBeGreaterThanOrEqual(Math.max(view.covers, 1e-12))
      }),
    )
  })

  it('is a larger ground with the image in it', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const augmentation = parseAugmentation({ expand: { chance: 1, largest: 4 } })
        const view = randomView({ width: 30, height: 20 }, new Float64Array(), augmentation, exampleRandom(seed, 0, 0))
        expect(view.width).toBe(view.height)
        expect([view.left <= 0, view.top <= 0, view.left + view.width >= 1 - 1e-12, view.top + view.height >= 1 - 1e-12]).toEqual(
          Array(4).fill(true),
        )
      }),
    )
  })

  it('is mirrored, cropped and left alone about as often as the recipe says', () => {
    const augmentation = parseAugmentation(recipes.paper.augmentation)
    const all = Float64Array.of(0.3, 0.3, 0.7, 0.7)
    const views = Array.from({ length: 2000 }, (_, at) =>
      randomView({ width: 64, height: 48 }, all, augmentation, exampleRandom(5, 0, at)),
    )
    const portion = (count: number) => count / views.length
    expect(portion(views.filter(({ mirrored }) => mirrored).length)).toBeCloseTo(0.5, 1)
    expect(portion(views.filter(({ width }) => width === 1).length)).toBeCloseTo(0.15, 1)
  })
})

describe('boxes in a view', () => {
  const all = { boxes: Float64Array.of(0.2, 0.2, 0.6, 0.4, 0.5, 0.5, 0.9, 1), labels: Int32Array.of(7, 3) }
  const view = { left: 0, top: 0, width: 1, height: 1, mirrored: false, covers: 0 }
  const close = (...values: readonly number[]) => values.map((value) => expect.closeTo(value, 12))

  it('move with it, are clipped to it and mirrored with it', () => {
    const part = { ...view, left: 0.25, top: 0.25, width: 0.5, height: 0.5 }
    const shown = boxesInView(all, part, 100)
    expect([...shown.boxes]).toEqual(close(0, 0, 0.7, 0.3, 0.5, 0.5, 1, 1))
    expect([...boxesInView(all, { ...part, mirrored: true }, 100).boxes]).toEqual(close(0, 0.7, 0.7, 1, 0.5, 0, 1, 0.5))
    expect([...shown.labels]).toEqual([7, 3])
  })

  it('are dropped where too little of them is left, or less than a pixel', () => {
    const part = { ...view, left: 0.3, width: 0.7 }
    expect([...boxesInView(all, { ...part, covers: 0.5 }, 100).labels]).toEqual([7, 3])
    expect([...boxesInView(all, { ...part, covers: 0.6 }, 100).labels]).toEqual([3])
    expect([...boxesInView(all, { ...view, left: 0.395, width: 0.6 }, 100).labels]).toEqual([3])
  })

  it('are all there in the whole image and on every ground, and come back when mirrored twice', () => {
    fc.assert(
      fc.property(boxes, fc.double({ min: 1, max: 4, noNaN: true }), (given, side) => {
        const truth = { boxes: given, labels: labelsOf(given) }
        const ground = { ...view, left: (1 - side) / 3, top: (1 - side) / 2, width: side, height: side, covers: 1 }
        expect([...boxesInView(truth, ground, 1000).labels]).toEqual([...truth.labels])
        const mirrored = { ...view, mirrored: true }
        const twice = boxesInView(boxesInView(truth, mirrored, 1000), mirrored, 1000)
        expect([...twice.boxes]).toEqual(close(...given))
      }),
    )
  })
})

describe('an augmentation', () => {
  it.each([
    [{ crop: { chance: 2, area: [0.1, 1], aspect: [1, 1], covers: [0] } }, 'crop.chance'],
    [{ crop: { chance: 1, area: [1, 0.1], aspect: [1, 1], covers: [0] } }, 'crop.area'],
    [{ crop: { chance: 1, area: [0.1, 1], aspect: [1, 1], covers: [] } }, 'crop.covers'],
    [{ matching: { overlap: 0 } }, 'matching.overlap'],
    [{ expand: { chance: 1, largest: 0.5 } }, 'expand.largest'],
    [{ mixup: {} }, 'mixup'],
  ])('is refused: %o', (augmentation, field) => {
    expect(() => parseAugmentation(augmentation as JsonObject)).toThrow(
      expect.objectContaining({ code: 'MNAS_DETECTION_RECIPE', message: expect.stringContaining(field) }),
    )
  })
})

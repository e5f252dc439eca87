import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DetectionTable, type PixelBox, TruthTable } from '#internal/evaluation/box-tables.js'
import { overlapThresholds, recallLevels } from '#internal/evaluation/coco-rules.js'
import { evaluateBoxes } from '#internal/evaluation/evaluate-boxes.js'
import { rowNumbers, sortByKey, sortByScore } from '#internal/evaluation/sort-rows.js'
import { evaluateSlowly, type Found, type Present } from '../support/evaluate-slowly.js'

const [images, labels] = [4, 3]
const side = fc.integer({ min: 1, max: 12 }).map((size) => 10 * size)
const box: fc.Arbitrary<PixelBox> = fc
  .tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }), side, side)
  .map(([x, y, width, height]) => [10 * x, 10 * y, width, height])
const place = { image: fc.nat({ max: images - 1 }), label: fc.nat({ max: labels - 1 }), box }
const present: fc.Arbitrary<Present> = fc
  .record({ ...place, crowd: fc.constantFrom(false, false, false, true), share: fc.constantFrom(0.5, 1) })
  .map(({ share, ...object }) => ({ ...object, area: share * object.box[2] * object.box[3] }))
const found: fc.Arbitrary<Found> = fc.record({ ...place, score: fc.integer({ min: 0, max: 5 }).map((step) => step / 5) })

function evaluate(objects: readonly Present[], detections: readonly Found[]) {
  const [truth, table] = [new TruthTable(), new DetectionTable()]
  for (const object of objects) truth.add(object.image, object.label, object.box, object)
  for (const detection of detections) table.add(detection.image, detection.label, detection.box, detection.score)
  return evaluateBoxes(truth, table, { images, labels })
}

describe('an evaluation', () => {
  it('says what the definition says, whatever there is and was found', () => {
    fc.assert(
      fc.property(fc.array(present, { maxLength: 12 }), fc.array(found, { maxLength: 30 }), (objects, detections) => {
        const expected = Object.entries(evaluateSlowly(objects, detections, { images, labels }))
        const close = Object.fromEntries(expected.map(([name, value]) => [name, expect.closeTo(value, 10)]))
        expect(evaluate(objects, detections).numbers).toEqual(close)
      }),
      { numRuns: 50 },
    )
  })

  it('finds everything where the detections are the objects', () => {
    const objects = fc.uniqueArray(present, {
      minLength: 1,
      maxLength: 10,
      selector: ({ image, label, box: own }) => `${image} ${label} ${own}`,
    })
    fc.assert(
      fc.property(objects, (all) => {
        const whole = all.map((object) => ({ ...object, crowd: false, area: object.box[2] * object.box[3] }))
        const { numbers } = evaluate(
          whole,
          whole.map((object) => ({ ...object, score: 0.5 })),
        )
        expect(numbers).toMatchObject({ map: expect.closeTo(1, 9), recall100: 1 })
      }),
    )
  })

  it('of no objects has no numbers, not −1', () => {
    const { numbers, labels: each, objects } = evaluate([], [{ image: 0, label: 1, box: [0, 0, 10, 10], score: 1 }])
    expect([numbers, each, objects]).toEqual([{}, [null, null, null], { small: 0, medium: 0, large: 0 }])
  })

  it('says of each class its precision at every recall, and counts what crowds are not', () => {
    const at = { image: 0, box: [0, 0, 40, 40] as const, area: 1600 }
    const objects = [
      { ...at, label: 0, crowd: false },
      { ...at, label: 0, crowd: true },
      { ...at, label: 2, crowd: false },
    ]
    const { labels: each } = evaluate(objects, [{ image: 0, label: 0, box: [0, 0, 40, 40], score: 0.9 }])
    expect(each[0]).toMatchObject({ objects: 1, ap50: expect.closeTo(1, 12) })
    expect(each[0]!.precision).toHaveLength(101)
    expect(each[1]).toBeNull()
    expect(each[2]).toMatchObject({ objects: 1, ap50: 0 })
  })
})

describe("numpy's rounding", () => {
  it('is kept: three borders that i / 100 and i / 20 would move', () => {
    expect(recallLevels[29]).toBe(0.29)
    expect(recallLevels[35]).toBe(0.35000000000000003)
    expect([...overlapThresholds]).toEqual([0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.8999999999999999, 0.95])
  })
})

describe('rows', () => {
  it('are sorted by score, −0 like 0, equal ones as they were', () => {
    const score = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, 0.5, 1))
    fc.assert(
      fc.property(fc.array(score, { maxLength: 40 }), (scores) => {
        const sorted = sortByScore(rowNumbers(scores.length), Float64Array.from(scores))
        expect([...sorted]).toEqual([...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b))
      }),
    )
  })

  it('are sorted by key, equal ones as they were', () => {
    expect([...sortByKey(rowNumbers(6), [2, 0, 2, 1, 0, 1], 3)]).toEqual([1, 4, 3, 5, 0, 2])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CandidateHeap } from '#internal/detections/candidate-heap.js'
import { detect } from '#internal/detections/detect.js'
import { decodeInFloat32, overlapInFloat32 } from '#internal/detections/float32-boxes.js'
import { evaluationSuppression, type RawDetections, type Suppression } from '#internal/detections/suppression.js'
import { goldenCases, rawOf, suppressionOf } from './support/golden-postprocess.js'

const { fround } = Math

describe.skipIf(goldenCases === null)("detections as TensorFlow Lite's operator gives them", () => {
  it('are nine cases', () => expect(goldenCases).toHaveLength(9))

  it.each(goldenCases ?? [])('$name', (golden) => {
    const { boxes, classes, scores } = detect(rawOf(golden), suppressionOf(golden))
    expect([...classes]).toEqual(golden.classes)
    expect([...scores]).toEqual(golden.detectionScores.map(fround))
    expect([...boxes]).toEqual(golden.boxes.flat().map(fround))
    expect(classes.length).toBe(golden.count * golden.options['max_classes_per_detection']!)
  })
})

/** Few values, so that scores tie and boxes meet. */
const coarse = (most: number) => fc.integer({ min: 0, max: most }).map((step) => step / most)
const raws = fc
  .tuple(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 4 }), fc.boolean())
  .chain(([anchors, classes, background]): fc.Arbitrary<RawDetections> => {
    const floats = (length: number, one: fc.Arbitrary<number>) =>
      fc.array(one, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values))
    return fc.record({
      codes: floats(4 * anchors, fc.double({ min: -4, max: 4, noNaN: true })),
      scores: floats(anchors * (classes + Number(background)), coarse(6)),
      anchors: floats(
        4 * anchors,
        coarse(9).map((share) => 0.1 + share / 2),
      ),
      classes: fc.constant(classes),
    })
  })
const suppressions: fc.Arbitrary<Suppression> = fc.record({
  rule: fc.constantFrom('regular', 'fast'),
  scoreThreshold: fc.constantFrom(0, 1e-8, 0.3, 0.5),
  overlapThreshold: fc.constantFrom(0.3, 0.6, 1),
  maxDetections: fc.constantFrom(1, 3, 20),
  maxPerClass: fc.constantFrom(1, 2, 100),
  classesPerDetection: fc.constant(1),
})

/** The operator's own way: sort, keep what nothing better overlaps, class by class; then merge and cut. */
function slowly(raw: RawDetections, suppression: Suppression) {
  const boxes = decodeInFloat32(raw.codes, raw.anchors)
  const anchors = boxes.length / 4
  const columns = raw.scores.length / anchors
  const scoreOf = (anchor: number, own: number) => raw.scores[anchor * columns + columns - raw.classes + own]!
  const keep = (score: (anchor: number) => number, most: number) => {
    const order = [...Array(anchors).keys()].filter((anchor) => score(anchor) >= fround(suppression.scoreThreshold))
    const kept: number[] = []
    for (const anchor of order.sort((a, b) => score(b) - score(a) || a - b)) {
      if (
        kept.length < most &&
        kept.every((better) => overlapInFloat32(boxes, better, anchor) <= fround(suppression.overlapThreshold))
      )
        kept.push(anchor)
    }
    return kept
  }
  const classes = [...Array(raw.classes).keys()]
  if (suppression.rule === 'fast') {
    const best = (anchor: number) => classes.reduce((most, own) => (scoreOf(anchor, own) > scoreOf(anchor, most) ? own : most), 0)
    return keep((anchor) => scoreOf(anchor, best(anchor)), suppression.maxDetections).map(
      (anchor) => [best(anchor), anchor] as const,
    )
  }
  const merged = classes.flatMap((own) =>
    keep((anchor) => scoreOf(anchor, own), suppression.maxPerClass).map((anchor) => [own, anchor] as const),
  )
  return merged.sort((a, b) => scoreOf(b[1], b[0]) - scoreOf(a[1], a[0]) || a[0] - b[0]).slice(0, suppression.maxDetections)
}

describe('detections', () => {
  it('are those of working through everything', () => {
    fc.assert(
      fc.property(raws, suppressions, (raw, suppression) => {
        const boxes = decodeInFloat32(raw.codes, raw.anchors)
        const expected = slowly(raw, suppression)
        const found = detect(raw, suppression)
        expect([...found.classes]).toEqual(expected.map(([own]) => own))
        expect([...found.boxes]).toEqual(expected.flatMap(([, anchor]) => [...boxes.subarray(4 * anchor, 4 * anchor + 4)]))
      }),
      { numRuns: 400 },
    )
  })

  it('leave out scores that are no numbers', () => {
    const raw = {
      codes: new Float32Array(8),
      anchors: Float32Array.of(0.2, 0.2, 0.2, 0.2, 0.7, 0.7, 0.2, 0.2),
      scores: Float32Array.of(0, Number.NaN, 0.5, 0, 0.25, Number.NaN),
      classes: 2,
    }
    const { classes, scores } = detect(raw, { ...evaluationSuppression, scoreThreshold: 0 })
    expect([[...classes], [...scores]]).toEqual([
      [1, 0],
      [0.5, 0.25],
    ])
  })

  it('are none of nothing', () => {
    const raw = { codes: new Float32Array(4), anchors: new Float32Array(4), scores: new Float32Array(3), classes: 2 }
    expect(detect(raw, evaluationSuppression).classes).toHaveLength(0)
  })
})

describe('candidates', () => {
  it('come in descending order, of equal scores the lower number first', () => {
    fc.assert(
      fc.property(fc.array(coarse(4)), (values) => {
        const heap = new CandidateHeap(Uint32Array.from(values.keys()), Float32Array.from(values))
        const taken = values.map(() => heap.take()!.candidate)
        expect(heap.take()).toBeNull()
        expect(taken).toEqual([...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b))
      }),
    )
  })
})

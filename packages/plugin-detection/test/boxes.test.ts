import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBoxes, encodeBox } from '#internal/boxes/box-coder.js'
import { cornersOf, overlap } from '#internal/boxes/overlap.js'
import { background, matchAnchors } from '#internal/targets/match-anchors.js'
import { writeTargets } from '#internal/targets/write-targets.js'
import { goldenParts } from './support/golden-parts.js'

const flat = (rows: readonly (readonly number[])[]) => Float64Array.from(rows.flat())
const close = (values: ArrayLike<number>, digits = 12) => Array.from(values, (value) => expect.closeTo(value, digits))

/** Boxes (top, left, bottom, right) within the image. */
const boxes = (most: number, least = 0) =>
  fc.array(
    fc.tuple(...Array.from({ length: 4 }, () => fc.double({ min: 0, max: 1, noNaN: true }))).map(([a, b, c, d]) => {
      const [top, bottom] = [Math.min(a!, c!), Math.max(a!, c!)]
      const [left, right] = [Math.min(b!, d!), Math.max(b!, d!)]
      return [top, left, bottom + 0.01, right + 0.01] as const
    }),
    { minLength: least, maxLength: most },
  )
const centres = (corners: Float64Array) => {
  const anchors = new Float64Array(corners.length)
  for (let at = 0; at < corners.length; at += 4) {
    const [top, left, bottom, right] = corners.subarray(at, at + 4)
    anchors.set([(top! + bottom!) / 2, (left! + right!) / 2, bottom! - top!, right! - left!], at)
  }
  return anchors
}

describe.skipIf(goldenParts === null)('golden boxes', () => {
  it('have the golden codes, and come back', () => {
    const { boxes: rows, anchors, codes } = goldenParts!.boxCoder
    const written = new Float64Array(4 * rows.length)
    for (const index of rows.keys()) encodeBox(flat(rows), index, flat(anchors), index, written)
    expect([...written]).toEqual(close(codes.flat()))
    expect([...decodeBoxes(written, flat(anchors))]).toEqual(close(rows.flat(), 14))
  })

  it.each(goldenParts?.matcher.cases ?? [])('match: $name', ({ boxes: rows, iou, match, targets }) => {
    const anchors = flat(goldenParts!.matcher.anchors)
    const corners = cornersOf(anchors)
    for (const [box, row] of iou.entries()) {
      for (const [anchor, expected] of row.entries()) expect(overlap(flat(rows), box, corners, anchor)).toBeCloseTo(expected, 12)
    }
    expect([...matchAnchors(corners, flat(rows), 0.5)]).toEqual(match)
    const target = { targetClass: new Float32Array(match.length).fill(7), targetBox: new Float32Array(4 * match.length).fill(7) }
    const labels = Int32Array.from(rows, (_, box) => 10 + box)
    const without = writeTargets({ anchors, corners }, { boxes: flat(rows), labels }, 0.5, target)
    expect([...target.targetClass]).toEqual(match.map((box) => (box < 0 ? 0 : 11 + box)))
    expect([...target.targetBox]).toEqual(close(targets.flat(), 5))
    expect(without).toBe(rows.length - new Set(match.filter((box) => box >= 0)).size)
  })
})

describe('codes', () => {
  it('come back as the boxes that they were made of', () => {
    fc.assert(
      fc.property(boxes(5, 1), boxes(5, 5), (rows, places) => {
        const anchors = centres(flat(places))
        const codes = new Float64Array(4 * rows.length)
        for (const index of rows.keys()) encodeBox(flat(rows), index, anchors, index, codes)
        expect([...decodeBoxes(codes, anchors)]).toEqual(close(rows.flat(), 9))
      }),
    )
  })

  it('are 0 for a box that lies on its anchor', () => {
    const corners = flat([[0.1, 0.2, 0.5, 0.4]])
    const codes = new Float64Array(4)
    encodeBox(corners, 0, centres(corners), 0, codes)
    expect([...codes]).toEqual(close([0, 0, 0, 0]))
  })
})

describe('overlap', () => {
  it('is the same both ways, from 0 to 1, and 1 of a box and itself', () => {
    fc.assert(
      fc.property(boxes(2, 2), (rows) => {
        const both = flat(rows)
        expect(overlap(both, 0, both, 1)).toBe(overlap(both, 1, both, 0))
        expect(overlap(both, 0, both, 0)).toBe(1)
        expect(overlap(both, 0, both, 1)).toBeGreaterThanOrEqual(0)
        expect(overlap(both, 0, both, 1)).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('matches', () => {
  it('leave no box without an anchor unless another one forces its best, and hold the threshold otherwise', () => {
    fc.assert(
      fc.property(boxes(6), boxes(30, 1), fc.constantFrom(0.3, 0.4, 0.5), (rows, places, threshold) => {
        const [truth, corners] = [flat(rows), flat(places)]
        const matches = matchAnchors(corners, truth, threshold)
        const shared = (box: number) => places.map((_, anchor) => overlap(corners, anchor, truth, box))
        const forced = rows.map((_, box) => {
          const all = shared(box)
          return Math.max(...all) > 0 ? all.indexOf(Math.max(...all)) : background
        })
        for (const anchor of forced) {
          if (anchor !== background) expect(matches[anchor]).toBe(forced.indexOf(anchor))
        }
        for (const [anchor, box] of matches.entries()) {
          if (forced.includes(anchor)) continue
          const all = rows.map((_, other) => overlap(corners, anchor, truth, other))
          if (box === background) expect(Math.max(0, ...all)).toBeLessThan(threshold)
          else expect(all[box]).toBe(Math.max(...all))
        }
      }),
    )
  })
})

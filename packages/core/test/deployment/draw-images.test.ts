import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawPositions } from '#internal/deployment/calibration/draw-images.js'

describe('drawPositions', () => {
  it('gives each class of a sorted split its share, to two images', () => {
    const classes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 2, maxLength: 12 })
    fc.assert(
      fc.property(classes, fc.integer({ min: 1, max: 300 }), fc.nat(), (sizes, wanted, seed) => {
        const total = sizes.reduce((a, b) => a + b)
        const positions = drawPositions(total, wanted, seed)
        expect(positions).toHaveLength(Math.min(wanted, total))
        expect(new Set(positions).size).toBe(positions.length)
        let from = 0
        for (const size of sizes) {
          const drawn = positions.filter((position) => position >= from && position < from + size).length
          expect(Math.abs(drawn - (size * positions.length) / total)).toBeLessThanOrEqual(2)
          from += size
        }
      }),
    )
  })

  it('is the same under the same seed and another under another', () => {
    expect(drawPositions(1000, 20, 7)).toEqual(drawPositions(1000, 20, 7))
    expect(drawPositions(1000, 20, 7)).not.toEqual(drawPositions(1000, 20, 8))
  })

  it('takes all where there are not more', () => {
    expect(drawPositions(3, 5, 1)).toEqual([0, 1, 2])
  })
})

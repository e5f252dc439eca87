import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FrontPoint, growingHypervolume, hypervolume, type LatencyRange } from '#internal/hypervolume.js'

const point = fc.record({ quality: fc.integer({ min: 0, max: 20 }), latencyMs: fc.integer({ min: 1, max: 60 }) })
const points = fc
  .array(point, { maxLength: 12 })
  .map((all) => all.map(({ quality, latencyMs }): FrontPoint => ({ quality: quality / 20, latencyMs })))
const ranges = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 20 }))
  .map(([least, length]): LatencyRange => [least, least + length])

/** All is whole milliseconds: between two of them nothing changes. */
function byTargets(all: readonly FrontPoint[], [least, most]: LatencyRange): number {
  const targets = most === least ? [least] : Array.from({ length: most - least }, (_, ms) => least + ms)
  const bests = targets.map((target) => Math.max(0, ...all.flatMap((one) => (one.latencyMs <= target ? [one.quality] : []))))
  return bests.reduce((sum, best) => sum + best, 0) / bests.length
}

describe('the hypervolume of a front', () => {
  it('is the best quality within a target, on the mean over the range', () => {
    expect(hypervolume([], [10, 20])).toBe(0)
    // .2 from 10 to 12 ms, .5 from there to 18 ms, .6 to the end.
    const front = [
      { quality: 0.6, latencyMs: 18 },
      { quality: 0.2, latencyMs: 4 },
      { quality: 0.5, latencyMs: 12 },
      { quality: 0.9, latencyMs: 21 },
    ]
    expect(hypervolume(front, [10, 20])).toBeCloseTo(0.2 * 0.2 + 0.6 * 0.5 + 0.2 * 0.6, 12)
    fc.assert(
      fc.property(points, ranges, (all, range) => {
        expect(hypervolume(all, range)).toBeCloseTo(byTargets(all, range), 9)
      }),
    )
  })

  it('never falls when a point is added, does not depend on their order, and stays between 0 and 1', () => {
    fc.assert(
      fc.property(points, point, ranges, fc.nat(), (all, { quality, latencyMs }, range, turn) => {
        const before = hypervolume(all, range)
        const after = hypervolume([...all, { quality: quality / 20, latencyMs }], range)
        expect(after).toBeGreaterThanOrEqual(before - 1e-12)
        expect(after).toBeLessThanOrEqual(1 + 1e-12)
        const turned = all.map((_, index) => all[(index + turn) % all.length]!)
        expect(hypervolume(turned, range)).toBeCloseTo(before, 12)
      }),
    )
  })

  it('grows point by point to the same', () => {
    fc.assert(
      fc.property(points, ranges, (all, range) => {
        const grown = growingHypervolume(range)
        for (const [index, one] of all.entries()) expect(grown(one)).toBeCloseTo(hypervolume(all.slice(0, index + 1), range), 12)
      }),
    )
  })
})

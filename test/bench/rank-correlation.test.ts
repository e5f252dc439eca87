import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kendall, spearman } from '../../bench/detection/rank-correlation.mjs'

describe('correlations of ranks', () => {
  it.each([
    // Ranks differ by 1, 1, 1, 1, 0: 1 − 6 · 4 / (5 · 24). Two of ten pairs stand the other way: (8 − 2) / 10.
    ['without ties', [1, 2, 3, 4, 5], [2, 1, 4, 3, 5], 0.8, 0.6],
    // Ranks 0, 1.5, 1.5, 3 and 0, 2, 1, 3 about 1.5: 4.5 / √(4.5 · 5). Five pairs alike, one tied on one side: 5 / √(5 · 6).
    ['ties in one', [1, 2, 2, 4], [1, 3, 2, 4], 4.5 / Math.sqrt(22.5), 5 / Math.sqrt(30)],
    // Ranks .5, .5, 2, 3 and .5, 2.5, 2.5, .5 about 1.5: −1 / √(4.5 · 4). One pair alike, two not; five and four are no ties.
    ['ties in both', [1, 1, 2, 3], [1, 2, 2, 1], -1 / Math.sqrt(18), -1 / Math.sqrt(20)],
    ['the other way round', [10, 20, 30], [3, 2, 1], -1, -1],
  ])('are what a hand works out: %s', (_, a, b, rho, tau) => {
    expect(spearman(a, b)).toBeCloseTo(rho, 12)
    expect(kendall(a, b)).toBeCloseTo(tau, 12)
  })

  it('are none where one side does not order anything', () => {
    expect([spearman([1, 1, 1], [1, 2, 3]), kendall([1, 2, 3], [5, 5, 5])]).toEqual([null, null])
  })

  it('see order alone, from either side, between −1 and 1', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 })), {
      minLength: 2,
      maxLength: 12,
    })
    fc.assert(
      fc.property(pairs, fc.constantFrom(spearman, kendall), (rows, correlation) => {
        const [a, b] = [rows.map(([value]) => value), rows.map(([, value]) => value)]
        const found = correlation(a, b)
        const grown = a.map((value) => value ** 3 + 7)
        expect(correlation(grown, b)).toBe(found)
        if (found === null) return
        expect(correlation(b, a)).toBeCloseTo(found, 12)
        expect(Math.abs(found)).toBeLessThanOrEqual(1 + 1e-12)
      }),
    )
  })
})

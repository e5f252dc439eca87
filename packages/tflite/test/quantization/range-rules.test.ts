import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valueHistograms } from '#internal/calibration/histogram.js'
import { rangeRules } from '#internal/calibration/range-rules.js'
import { valueStatistics } from '#internal/calibration/value-statistics.js'
import { each } from '../support/calibration.js'

const tensor = (data: readonly number[], channels = 1) => ({
  x: { dtype: 'float32' as const, shape: [1, data.length / channels, channels], data: Float32Array.from(data) },
})

async function histogramOf(...images: readonly (readonly number[])[]) {
  const tensors = images.map((data) => tensor(data))
  const statistics = await valueStatistics(each(tensors))
  const [histograms] = await valueHistograms(each(tensors), statistics, [new Map()])
  return histograms!.get('x')!
}

describe('the ranges of a value', () => {
  it('are those of all images', async () => {
    const histogram = await histogramOf([0, 1, -2], [5, 0.5, 1])
    expect(histogram).toMatchObject({ low: -2, high: 5 })
    expect(histogram.counts.reduce((a, b) => a + b)).toBe(6)
    // Each image's own, on the mean.
    expect(rangeRules.typical(histogram)).toEqual({ low: (-2 + 0.5) / 2, high: (1 + 5) / 2 })
  })

  it('leave out a lone outlier by quantile and by squared error', () => {
    // Ten million values evenly below 1, and one at 30, in an image of a hundred.
    const counts = Float64Array.from({ length: 8192 }, (_, bin) => (bin < 273 ? 1e7 / 273 : bin === 8191 ? 0.001 : 0))
    const histogram = { low: 0, high: 30, counts, typical: { low: 0, high: 1.29 } }
    for (const rule of ['typical', 'quantile .99999', 'quantile .9999', 'squared error'] as const)
      expect(rangeRules[rule](histogram).high).toBeLessThan(1.3)
  })

  it('always hold 0 and lie within the values', async () => {
    const numbers = fc.array(fc.float({ min: -50, max: 50, noNaN: true }), { minLength: 2, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(numbers, async (values) => {
        const histogram = await histogramOf(values)
        for (const rule of ['quantile .99999', 'quantile .9999', 'squared error'] as const) {
          const { low, high } = rangeRules[rule](histogram)
          expect(low).toBeLessThanOrEqual(0)
          expect(high).toBeGreaterThanOrEqual(0)
          expect(low).toBeGreaterThanOrEqual(Math.min(0, histogram.low) - 1e-6)
          expect(high).toBeLessThanOrEqual(Math.max(0, histogram.high) + 1e-6)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('are taken channel by channel where values are scaled', async () => {
    const images = [tensor([1, 10, -2, 40], 2)]
    const statistics = await valueStatistics(each(images))
    expect(statistics.get('x')).toEqual({
      low: Float64Array.of(-2, 10),
      high: Float64Array.of(1, 40),
      mean: Float64Array.of(-0.5, 25),
      reach: Float64Array.of(2, 40),
    })
    const [histograms] = await valueHistograms(each(images), statistics, [new Map([['x', Float64Array.of(0.5, 10)]])])
    expect(rangeRules.typical(histograms!.get('x')!)).toEqual({ low: -4, high: 4 })
  })
})

import type { Range } from '../quantization/affine.js'
import type { Histogram } from './histogram.js'

/**
 * How the range of a value is chosen that 256 levels are laid over. What lies outside is clipped: with the range that one image has on the mean, on
 * half of the images something; with twice that, on odd ones alone.
 */
export const rangeRules = {
  'twice typical': ({ typical: { low, high } }) => ({ low: 2 * low, high: 2 * high }),
  typical: ({ typical }) => typical,
  'quantile .99999': (histogram) => quantiles(histogram, 0.99999),
  'quantile .9999': (histogram) => quantiles(histogram, 0.9999),
  'squared error': leastSquaredError,
} as const satisfies Readonly<Record<string, (histogram: Histogram) => Range>>
export type RangeRule = keyof typeof rangeRules
export const ruleNames = Object.keys(rangeRules) as readonly RangeRule[]

/** The numbers between which all but 1 − share of the values lie at each end; 0 is always inside. */
function quantiles({ low, high, counts }: Histogram, share: number): Range {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const width = (high - low) / counts.length
  const binBelow = (limit: number) => {
    let sum = 0
    return counts.findIndex((count) => {
      sum += count
      return sum >= limit * total
    })
  }
  const top = low + width * (binBelow(share) + 1)
  const bottom = low + width * binBelow(1 - share)
  return { low: Math.min(0, low < 0 ? bottom : 0), high: Math.max(0, top) }
}

const steps = 64
/** Ranges down to this share of the whole one are tried: one image of many can reach a hundred times as far as the others. */
const narrowest = 0.01

/** The range with the least squared error of rounding to 256 levels and clipping, by coordinate descent over shares of both ends, evenly in their logarithm. */
function leastSquaredError(histogram: Histogram): Range {
  const { low, high } = histogram
  const shares = (count: number) => Array.from({ length: count }, (_, i) => narrowest ** (i / (count - 1)))
  const highs = high > 0 ? shares(steps).map((share) => high * share) : [0]
  const lows = low < 0 ? shares(steps / 2).map((share) => low * share) : [0]
  const best = (candidates: readonly number[], errorOf: (value: number) => number) => {
    const errors = candidates.map(errorOf)
    return candidates[errors.indexOf(Math.min(...errors))]!
  }
  const firstHigh = best(highs, (top) => squaredError(histogram, Math.min(low, 0), top))
  const bottom = best(lows, (value) => squaredError(histogram, value, firstHigh))
  return { low: bottom, high: best(highs, (top) => squaredError(histogram, bottom, top)) }
}

/** Of all values, each bin's by its middle: the variance of rounding (step² / 12) inside, the distance to the end outside. */
function squaredError({ low, high, counts }: Histogram, from: number, to: number): number {
  const step = (to - from) / 255
  const width = (high - low) / counts.length
  let error = 0
  for (let bin = 0; bin < counts.length; bin++) {
    const count = counts[bin]!
    if (count === 0) continue
    const value = low + width * (bin + 0.5)
    const outside = value < from ? from - value : value > to ? value - to : 0
    error += count * (outside > 0 ? outside * outside : (step * step) / 12)
  }
  return error
}

import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** The middle 95 of 100 of what other draws of the same networks would have said. */
export interface Interval {
  readonly low: number
  readonly high: number
}

const resamples = 2000
const outside = 0.025

/**
 * Positions of `count` things, drawn with replacement, 2,000 times (Efron 1979). Statistics of the same samples may be compared
 * sample by sample: what all of them owe to the choice of networks falls out.
 */
export function bootstrapSamples(count: number): readonly (readonly number[])[] {
  const random = xoroshiro128plus(count)
  return Array.from({ length: resamples }, () => Array.from({ length: count }, () => uniformInt(random, 0, count - 1)))
}

export function intervalOf(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!
  return { low: at(outside), high: at(1 - outside) }
}

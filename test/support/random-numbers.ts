import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Whole numbers from `low` to `high`, the same for the same seed. */
export function randomNumbers(seed: number): (low: number, high: number) => number {
  const random = xoroshiro128plus(seed)
  return (low, high) => low + ((random.next() >>> 0) % (high - low + 1))
}

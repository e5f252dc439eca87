import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Draws of one seed. */
export function randomOf(seed) {
  const generator = xoroshiro128plus(seed)
  /** From 0 to below 1. */
  const uniform = () => uniformInt(generator, 0, 2 ** 30 - 1) / 2 ** 30
  /** From 0 to n − 1. */
  const below = (n) => uniformInt(generator, 0, n - 1)
  /** Mean 0, sd 1 (Box and Muller). */
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  return { uniform, below, normal }
}

/** Canonical genomes, each decision uniform. */
export function randomGenomes({ decisions, canonical }, count, seed) {
  const { below } = randomOf(seed)
  return Array.from({ length: count }, () => canonical(decisions.map(({ choices }) => below(choices.length))))
}

/** @param share from 0 to 1 */
export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}

/** Makes mean 0 and sd 1 of a function of genomes, over the given ones. */
export function standardised(of, genomes) {
  const values = genomes.map(of)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  return (genome) => (of(genome) - mean) / sd
}

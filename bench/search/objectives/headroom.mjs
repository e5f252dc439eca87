import { randomOf } from './random.mjs'

const drawn = 100_000
const climbs = 20
const patience = 3000
const mostChanges = 3

/**
 * How far the best lies above what chance meets within the budget: whether an objective tells strategies apart. Looks at no
 * strategy.
 * @returns mean, sd and the best of 100,000 random genomes within the budget, the best of 20 hill climbs, and how many of them end
 *   within half an sd of it
 */
export function headroom({ space, facts, targetMs, value }, seed) {
  const random = randomOf(seed)
  const within = (genome) => facts(genome).latency.latencyMs <= targetMs
  const randomWithin = () => {
    for (;;) {
      const genome = space.canonical(space.decisions.map(({ choices }) => random.below(choices.length)))
      if (within(genome)) return genome
    }
  }
  const values = Float64Array.from({ length: drawn }, () => value(randomWithin()))
  const mean = values.reduce((sum, one) => sum + one, 0) / drawn
  const sd = Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / drawn)
  const tops = Array.from({ length: climbs }, () => climbed(randomWithin(), space, value, within, random))
  const best = Math.max(...tops)
  return { mean, sd, ofRandom: Math.max(...values), climbed: best, tops: tops.filter((top) => top > best - sd / 2).length }
}

/** Changes one to three decisions at a time and keeps what is better, until so many changes in a row were not. */
function climbed(start, { decisions, canonical }, value, within, random) {
  let [at, best] = [start, value(start)]
  for (let fruitless = 0; fruitless < patience; fruitless++) {
    const next = [...at]
    for (let left = 1 + random.below(mostChanges); left > 0; left--) {
      const decision = random.below(decisions.length)
      next[decision] = random.below(decisions[decision].choices.length)
    }
    const genome = canonical(next)
    if (!within(genome)) continue
    const found = value(genome)
    if (found > best) [at, best, fruitless] = [genome, found, 0]
  }
  return best
}

import type { Genome, SearchSpace } from '@mnas/core/contracts'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { keyOf } from '../../genome-key.js'
import { randomGenome } from '../../space/random-genomes.js'
import { mutate } from '../genome-draws.js'

const drawn = 50
const generations = 12
const survivors = 50
const children = 100
const mostChanges = 3

/**
 * Genomes of high value, by a small genetic search: about 1,250 values.
 * @param seeds where it begins, beside random genomes
 * @param value of a canonical genome
 * @returns canonical, all different, the best first
 */
export function innerSearch(
  space: Pick<SearchSpace, 'decisions' | 'canonical'>,
  seeds: readonly Genome[],
  value: (genome: Genome) => number,
  random: RandomGenerator,
): readonly Genome[] {
  const known = new Set<string>()
  const met: Valued[] = []
  let pool: Valued[] = []
  const add = (genome: Genome) => {
    const canonical = space.canonical(genome)
    const key = keyOf(canonical)
    if (known.has(key)) return
    known.add(key)
    const valued = { genome: canonical, value: value(canonical) }
    met.push(valued)
    pool.push(valued)
  }
  for (const seed of seeds) add(seed)
  for (let i = 0; i < drawn; i++) add(randomGenome(space.decisions, random))
  for (let generation = 0; generation < generations; generation++) {
    const parents = pool.sort(byValue).slice(0, survivors)
    pool = [...parents]
    for (let i = 0; i < children; i++) add(child(parents, space, random))
  }
  return met.sort(byValue).map(({ genome }) => genome)
}

interface Valued {
  readonly genome: Genome
  readonly value: number
}
const byValue = (a: Valued, b: Valued) => b.value - a.value

/** Of one parent or, as often, of two, with one to three decisions changed. */
function child(parents: readonly Valued[], { decisions }: Pick<SearchSpace, 'decisions'>, random: RandomGenerator): Genome {
  const parent = () => parents[uniformInt(random, 0, parents.length - 1)]!.genome
  const coin = () => uniformInt(random, 0, 1) === 0
  let genome = parent()
  if (coin()) {
    const other = parent()
    genome = genome.map((choice, decision) => (coin() ? other[decision]! : choice))
  }
  for (let left = uniformInt(random, 1, mostChanges); left > 0; left--) genome = mutate(genome, decisions, random)
  return genome
}

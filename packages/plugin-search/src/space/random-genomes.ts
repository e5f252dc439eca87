import type { Decision, Genome, SearchSpace } from '@mnas/core/contracts'
import { hashJson } from '@mnas/core/files'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'

/** Each decision uniform, apart from all others. */
export function randomGenome(decisions: readonly Decision[], random: RandomGenerator): Genome {
  return decisions.map(({ choices }) => uniformInt(random, 0, choices.length - 1))
}

/** Canonical random genomes for one purpose of a search, apart from what its strategy draws. */
export function randomGenomes(space: SearchSpace, count: number, seed: number, purpose: string): readonly Genome[] {
  const random = xoroshiro128plus(Number.parseInt(hashJson([purpose, seed]).slice(0, 8), 16) | 0)
  return Array.from({ length: count }, () => space.canonical(randomGenome(space.decisions, random)))
}

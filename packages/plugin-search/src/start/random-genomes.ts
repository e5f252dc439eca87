import type { Genome, SearchSpace } from '@mnas/core/contracts'
import { hashJson } from '@mnas/core/files'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { randomGenome } from '../strategies/genome-draws.js'

/** Canonical random genomes for one purpose of a search, apart from what its strategy draws. */
export function randomGenomes(space: SearchSpace, count: number, seed: number, purpose: string): readonly Genome[] {
  const random = xoroshiro128plus(Number.parseInt(hashJson([purpose, seed]).slice(0, 8), 16) | 0)
  return Array.from({ length: count }, () => space.canonical(randomGenome(space.decisions, random)))
}

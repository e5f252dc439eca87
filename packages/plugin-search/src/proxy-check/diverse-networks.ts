import type { Architecture } from '@mnas/core/architecture'
import type { SearchSpace, Task } from '@mnas/core/contracts'
import { costsOf, lower } from '@mnas/core/graph'
import { keyOf } from '../genome-key.js'
import { randomGenomes } from '../space/random-genomes.js'

/** Of so many times the networks that are wanted every so-manieth is taken, by its multiply-adds. */
const oversampling = 12

/** Networks of a space, spread evenly over what random ones cost, from small to large; the same for the same seed. */
export function diverseNetworks(space: SearchSpace, task: Task, count: number, seed: number): readonly Architecture[] {
  const drawn = randomGenomes(space, oversampling * count, seed, 'proxy check')
  const different = [...new Map(drawn.map((genome) => [keyOf(genome), genome])).values()]
  const byCost = different
    .map((genome) => space.decode(genome))
    .map((architecture) => ({ architecture, macs: costsOf(lower(architecture, task)).macs }))
    .sort((a, b) => a.macs - b.macs)
  return Array.from({ length: count }, (_, index) => byCost[Math.floor(((index + 0.5) / count) * byCost.length)]!.architecture)
}

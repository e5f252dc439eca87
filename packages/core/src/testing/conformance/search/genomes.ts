import { architectureHash } from '../../../architecture/index.js'
import type { Genome, Hash, SearchSpace } from '../../../contracts/index.js'
import { check } from '../check.js'

/** One index for each decision, each within its choices. */
export function checkGenome(space: SearchSpace, genome: Genome, what: string): void {
  const { decisions } = space
  const valid =
    genome.length === decisions.length &&
    genome.every((choice, position) => Number.isInteger(choice) && choice >= 0 && choice < decisions[position]!.choices.length)
  check(valid, what, `${decisions.length} indices within [${decisions.map(({ choices }) => choices.length)}]`, `[${genome}]`)
}

export function randomGenome(space: SearchSpace, next: () => number): Genome {
  return space.decisions.map(({ choices }) => Math.floor(next() * choices.length))
}

/** What a genome stands for. */
export function identity(space: SearchSpace, genome: Genome): Hash {
  return architectureHash(space.decode(genome))
}

/** Every genome of a small space. */
export function allGenomes(space: SearchSpace): readonly Genome[] {
  return space.decisions.reduce<readonly Genome[]>(
    (prefixes, { choices }) => prefixes.flatMap((prefix) => choices.map((_, choice) => [...prefix, choice])),
    [[]],
  )
}

import type { Decision, Genome, SearchSpace } from '@mnas/core/contracts'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { keyOf } from '../genome-key.js'

/** One decision, drawn among those with a choice, changed to another value. */
export function mutate(genome: Genome, decisions: readonly Decision[], random: RandomGenerator): Genome {
  const open = decisions.flatMap(({ choices }, index) => (choices.length > 1 ? [index] : []))
  if (open.length === 0) return genome
  const index = open[uniformInt(random, 0, open.length - 1)]!
  const shift = uniformInt(random, 1, decisions[index]!.choices.length - 1)
  return genome.map((value, position) => (position === index ? (value + shift) % decisions[index]!.choices.length : value))
}

/** Draws before a space counts as nearly used up. */
const maxDraws = 300
/** Spaces up to this size are listed when draws find nothing new, so that "exhausted" is exact. */
const maxListed = 20_000

/**
 * The first canonical genome among successive draws that was not seen.
 * @returns null when the space holds no unseen genome (small spaces) or draws find none (large ones)
 */
export function drawUnseen(
  space: SearchSpace,
  seen: (genome: Genome) => boolean,
  random: RandomGenerator,
  draw: (previous: Genome | null) => Genome,
): Genome | null {
  let previous: Genome | null = null
  for (let attempt = 0; attempt < maxDraws; attempt++) {
    previous = draw(previous)
    const canonical = space.canonical(previous)
    if (!seen(canonical)) return canonical
  }
  const size = space.decisions.reduce((product, { choices }) => product * choices.length, 1)
  if (size > maxListed) return null
  const unseen = [...allGenomes(space.decisions)].filter(
    (genome) => keyOf(genome) === keyOf(space.canonical(genome)) && !seen(genome),
  )
  return unseen.length === 0 ? null : unseen[uniformInt(random, 0, unseen.length - 1)]!
}

function* allGenomes(decisions: readonly Decision[]): Generator<Genome> {
  const [first, ...rest] = decisions
  if (!first) {
    yield []
    return
  }
  for (const tail of allGenomes(rest)) for (let value = 0; value < first.choices.length; value++) yield [value, ...tail]
}

import type { Genome, SearchSpace } from '@mnas/core/contracts'
import { keyOf } from '../../genome-key.js'

/** Networks that are looked at before a space counts as used up. */
const mostVisited = 20_000

/**
 * A network that was not seen, among those that single changes reach from the smallest one without leaving the ones worth
 * training. Draws may miss the last few of a small feasible set; this does not.
 * @returns canonical; null when there is none, or none among the nearest 20,000
 */
export function reachable(
  space: Pick<SearchSpace, 'decisions' | 'canonical' | 'smallest'>,
  worth: (genome: Genome) => boolean,
  seen: (genome: Genome) => boolean,
): Genome | null {
  const visited = new Set<string>()
  const queue: Genome[] = []
  const visit = (genome: Genome) => {
    const key = keyOf(genome)
    if (visited.has(key)) return
    visited.add(key)
    if (worth(genome)) queue.push(genome)
  }
  visit(space.canonical(space.smallest()))
  // The queue grows while it is read.
  for (const genome of queue) {
    if (!seen(genome)) return genome
    if (visited.size > mostVisited) return null
    for (const [decision, { choices }] of space.decisions.entries())
      for (let choice = 0; choice < choices.length; choice++) visit(space.canonical(genome.with(decision, choice)))
  }
  return null
}

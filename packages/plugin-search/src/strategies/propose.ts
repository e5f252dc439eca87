import type { Genome, History, Proposal } from '@mnas/core/contracts'
import { keyOf } from '../genome-key.js'

/**
 * Up to `n` proposals, numbered from `firstId`, none of a genome that was asked for before.
 * @param next a genome for which `seen` is false, or null when there is none
 */
export function propose(
  n: number,
  firstId: number,
  history: History,
  next: (seen: (genome: Genome) => boolean) => Genome | null,
): readonly Proposal[] {
  const now = new Set<string>()
  const seen = (genome: Genome) => now.has(keyOf(genome)) || history.asked(genome)
  const proposals: Proposal[] = []
  while (proposals.length < n) {
    const genome = next(seen)
    if (genome === null) break
    now.add(keyOf(genome))
    proposals.push({ id: firstId + proposals.length, genome })
  }
  return proposals
}

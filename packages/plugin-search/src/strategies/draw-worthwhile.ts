import type { Genome, StrategyContext } from '@mnas/core/contracts'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { drawUnseen } from './genome-draws.js'

/** Whether a network may still win by what is known of it: whoever proposes another only has it turned down. */
export function worthwhile({ goal, facts }: StrategyContext): (genome: Genome) => boolean {
  return (genome) => goal.objective.worthTraining(facts(genome))
}

/**
 * The first canonical genome among successive draws that was not seen and is worth training. Where draws find none, one that is
 * not: whoever turns it down knows how long to go on.
 * @returns null when nothing unseen is found
 */
export function drawWorthwhile(
  context: StrategyContext,
  seen: (genome: Genome) => boolean,
  random: RandomGenerator,
  draw: (previous: Genome | null) => Genome,
): Genome | null {
  const { space } = context
  const worth = worthwhile(context)
  const found = drawUnseen(space, (genome) => seen(genome) || !worth(genome), random, draw)
  return found ?? drawUnseen(space, seen, random, draw)
}

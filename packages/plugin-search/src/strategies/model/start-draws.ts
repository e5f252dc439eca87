import type { Facts, Genome, SearchObjective, SearchSpace } from '@mnas/core/contracts'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { randomGenome } from '../../space/random-genomes.js'
import { drawUnseen, mutate } from '../genome-draws.js'

const mostDraws = 2000
const mostWalked = 300
/** Shares of the budget that the first networks take: as much as there is, else half of it. */
const [near, far] = [0.8, 0.5]

export interface Surroundings {
  readonly space: SearchSpace
  readonly objective: SearchObjective
  /** Null: none. */
  readonly budgetMs: number | null
  facts(genome: Genome): Facts
}

/**
 * A network to begin with, canonical and not seen: without a budget at random; else at random within [.8, 1] of it, then within
 * [.5, 1], then a walk from the smallest network that stays within.
 * @returns null when none was met
 */
export function startGenome(
  { space, objective, budgetMs, facts }: Surroundings,
  seen: (genome: Genome) => boolean,
  random: RandomGenerator,
): Genome | null {
  const draw = () => randomGenome(space.decisions, random)
  const unfit = (genome: Genome) => !objective.worthTraining(facts(genome))
  if (budgetMs === null) return drawUnseen(space, (genome) => seen(genome) || unfit(genome), random, draw)
  const within = (genome: Genome, least: number) => {
    const { latencyMs } = facts(genome).latency
    return latencyMs <= budgetMs && latencyMs >= least * budgetMs && !unfit(genome)
  }
  let second: Genome | null = null
  for (let attempt = 0; attempt < mostDraws; attempt++) {
    const genome = space.canonical(draw())
    if (!within(genome, far) || seen(genome)) continue
    if (within(genome, near)) return genome
    second ??= genome
  }
  return second ?? walk(space, (genome) => within(genome, 0), seen, random)
}

/** Changes the smallest network step by step, staying where `within` is. @returns the last one met that was not seen */
function walk(
  space: SearchSpace,
  within: (genome: Genome) => boolean,
  seen: (genome: Genome) => boolean,
  random: RandomGenerator,
): Genome | null {
  let at = space.smallest()
  let found: Genome | null = within(at) && !seen(at) ? at : null
  for (let step = 0; step < mostWalked; step++) {
    let next = at
    for (let left = uniformInt(random, 1, 3); left > 0; left--) next = mutate(next, space.decisions, random)
    next = space.canonical(next)
    if (!within(next)) continue
    at = next
    if (!seen(at)) found = at
  }
  return found
}

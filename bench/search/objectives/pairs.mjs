import { blocks, decisionsOfBlock, facts, space, targetMs } from './mnasnet.mjs'
import { randomGenomes, randomOf, standardised } from './random.mjs'

/**
 * Objective `pairs`: what a choice is worth depends on others. g are the choices of a canonical genome, all tables are drawn from
 * seed 20261128.
 *
 *   main(g)  = Σ_d A_d[g_d]                       A_d[v] = step · N(0, 1) of the kind + .7 · N(0, 1) of the decision
 *   pair(g)  = Σ_{(d, e) of 70} B_de[g_d, g_e]    B ~ N(0, 1); d in a block, e in the same or the next one
 *   u(g)     = .7 · std(main) + .8 · std(pair)    std: mean 0 and sd 1 over 2,000 random genomes, seed 2
 *   value(g) = .70 + .06 · tanh(.7 · u(g) + .25 · max(0, sin(3 · u(g))))
 *
 * Saturated at both ends, with terraces that linear fits miss. An observation adds noise of sd .006.
 */
const seed = 20261128
const pairs = 70
const noiseSd = 0.006

const { normal, below } = randomOf(seed)
const kinds = Array.from({ length: decisionsOfBlock }, () => Array.from({ length: 4 }, normal))
const main = space.decisions.map(({ choices }, d) => choices.map((_, v) => kinds[d % decisionsOfBlock][v] + 0.7 * normal()))
const pair = Array.from({ length: pairs }, () => {
  const block = below(blocks)
  const first = decisionsOfBlock * block + below(decisionsOfBlock)
  const second = decisionsOfBlock * Math.min(blocks - 1, block + below(2)) + below(decisionsOfBlock)
  return { first, second, table: Array.from({ length: 4 }, () => Array.from({ length: 4 }, normal)) }
})

const samples = randomGenomes(space, 2000, 2)
const mainOf = standardised((g) => g.reduce((sum, v, d) => sum + main[d][v], 0), samples)
const pairOf = standardised((g) => pair.reduce((sum, { first, second, table }) => sum + table[g[first]][g[second]], 0), samples)

function value(genome) {
  const g = space.canonical(genome)
  const u = 0.7 * mainOf(g) + 0.8 * pairOf(g)
  return 0.7 + 0.06 * Math.tanh(0.7 * u + 0.25 * Math.max(0, Math.sin(3 * u)))
}

export const pairsObjective = {
  name: 'pairs',
  space,
  facts,
  targetMs,
  noiseSd,
  value,
  /** @param random of randomOf */
  observe: (genome, random) => value(genome) + noiseSd * random.normal(),
}

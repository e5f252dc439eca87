import { blocks, decisionsOfBlock, facts, space, targetMs } from './mnasnet.mjs'
import { randomGenomes, randomOf, standardised } from './random.mjs'

/**
 * Objective `peaks`: like `pairs`, but what is best lies far beyond what chance meets. All tables are drawn from seed 27182818.
 *
 *   main(g)  = Σ_d A_d[g_d]                            A_d[v] = step · N(0, 1) of the kind + .7 · N(0, 1) of the decision
 *   pair(g)  = Σ_{(d, e) of 90} B_de[g_d, g_e]         B ~ N(0, 1), rows and columns of mean 0; d in a block, e there or in the next
 *   four(g)  = Σ_{60} C[g_d, g_e, g_f, g_h]            C ~ N(0, 1); four decisions of a block and its neighbours
 *   u(g)     = .75 · std(main) + .6 · std(pair) + .4 · std(four)    std: mean 0 and sd 1 over 2,000 random genomes, seed 4
 *   value(g) = 1 − .30 · exp(−.08 · u(g))
 *
 * Each step up is worth less than the one before, and none is worth nothing. An observation adds noise of sd .006.
 */
const seed = 27182818
const pairs = 90
const fours = 60
const noiseSd = 0.006

const { normal, below } = randomOf(seed)
const near = (block) => Math.min(blocks - 1, Math.max(0, block - 1 + below(3)))
const decisionOf = (block) => decisionsOfBlock * block + below(decisionsOfBlock)
const choicesOf = (d) => space.decisions[d].choices.length
const drawn = (count) => Array.from({ length: count }, normal)

const kinds = Array.from({ length: decisionsOfBlock }, () => drawn(4))
const main = space.decisions.map(({ choices }, d) => choices.map((_, v) => kinds[d % decisionsOfBlock][v] + 0.7 * normal()))
const pair = Array.from({ length: pairs }, () => {
  const block = below(blocks)
  const first = decisionOf(block)
  const second = decisionOf(Math.min(blocks - 1, block + below(2)))
  return { first, second, table: centred(Array.from({ length: choicesOf(first) }, () => drawn(choicesOf(second)))) }
})
const four = Array.from({ length: fours }, () => {
  const block = below(blocks)
  const decisions = Array.from({ length: 4 }, () => decisionOf(near(block)))
  const cells = decisions.reduce((product, d) => product * choicesOf(d), 1)
  return { decisions, table: drawn(cells) }
})

/** Rows and columns of mean 0: what is left of a table is interaction alone. */
function centred(table) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
  const rows = table.map(mean)
  const columns = table[0].map((_, j) => mean(table.map((row) => row[j])))
  return table.map((row, i) => row.map((value, j) => value - rows[i] - columns[j] + mean(rows)))
}

const samples = randomGenomes(space, 2000, 4)
const mainOf = standardised((g) => g.reduce((sum, v, d) => sum + main[d][v], 0), samples)
const pairOf = standardised((g) => pair.reduce((sum, { first, second, table }) => sum + table[g[first]][g[second]], 0), samples)
const cellOf = (g, decisions) => decisions.reduce((cell, d) => cell * choicesOf(d) + g[d], 0)
const fourOf = standardised((g) => four.reduce((sum, { decisions, table }) => sum + table[cellOf(g, decisions)], 0), samples)

function value(genome) {
  const g = space.canonical(genome)
  return 1 - 0.3 * Math.exp(-0.08 * (0.75 * mainOf(g) + 0.6 * pairOf(g) + 0.4 * fourOf(g)))
}

export const peaksObjective = {
  name: 'peaks',
  space,
  facts,
  targetMs,
  noiseSd,
  value,
  /** @param random of randomOf */
  observe: (genome, random) => value(genome) + noiseSd * random.normal(),
}

import { blocks, decisionsOfBlock, facts, positionOf, space, targetMs } from './mnasnet.mjs'
import { percentile, randomGenomes, randomOf, standardised } from './random.mjs'

/**
 * Objective `weakest`: no table of pairs. A chain that is about as good as its weakest block, terms of three decisions, capacity
 * that saturates, and a cliff; what is best lies far beyond what chance meets. Everything is drawn from seed 16180339.
 *
 *   strength_b(g) = Σ_k w_bk · (1 − exp(−2 · r_bk[g_bk]))        w ~ U(.2, 1); r: 0 for the worst choice to 1 for the best
 *   chain(g)      = −ln Σ_b exp(−4 · strength_b(g))              a soft minimum
 *   capacity(g)   = 1 − exp(−MACs(g) / M)                        M: median of 2,000 random genomes, seed 5
 *   three(g)      = Σ_{150 triples} c · 1[g_d ∈ D, g_e ∈ E, g_f ∈ F]    c ~ N(0, 1); of a block and its neighbours
 *   field(g)      = Σ_b layers_b · (kernel_b − 1) · stride so far       what the last value sees of the picture
 *   u(g)          = .3 · std(capacity) + .65 · std(chain) + .7 · std(three)
 *   value(g)      = 1 − .28 · exp(−.08 · u(g)) − .02 · 1[field(g) < F]
 *
 * F: the 35th percentile of field; std: mean 0 and sd 1; both over the same genomes. An observation adds noise of sd .005.
 */
const seed = 16180339
const triples = 150
const noiseSd = 0.005
const kernels = [3, 5]
const repeats = [1, 2, 3, 4, 3, 3, 1]
const strides = [2, 4, 8, 16, 16, 32, 32]

const { uniform, normal, below } = randomOf(seed)
const samples = randomGenomes(space, 2000, 5)
const shuffled = (values) => {
  const left = [...values]
  return values.map(() => left.splice(below(left.length), 1)[0])
}

const strengths = Array.from({ length: blocks }, (_, b) => {
  const kinds = Array.from({ length: decisionsOfBlock }, (__, kind) => {
    const { choices } = space.decisions[decisionsOfBlock * b + kind]
    return { weight: 0.2 + 0.8 * uniform(), ranks: shuffled(choices.map((___, v, { length }) => v / (length - 1))) }
  })
  return (g) =>
    kinds.reduce((sum, { weight, ranks }, kind) => sum + weight * (1 - Math.exp(-2 * ranks[g[decisionsOfBlock * b + kind]])), 0)
})
const three = Array.from({ length: triples }, () => {
  const block = below(blocks)
  const conditions = Array.from({ length: 3 }, () => {
    const near = Math.min(blocks - 1, Math.max(0, block - 1 + below(3)))
    const position = decisionsOfBlock * near + below(decisionsOfBlock)
    const { length } = space.decisions[position].choices
    return { position, among: shuffled([...Array(length).keys()]).slice(0, Math.ceil(length / 2)) }
  })
  const worth = normal()
  return (g) => (conditions.every(({ position, among }) => among.includes(g[position])) ? worth : 0)
})

const median = percentile(
  samples.map((g) => facts(g).costs.macs),
  0.5,
)
const capacityOf = standardised((g) => 1 - Math.exp(-facts(g).costs.macs / median), samples)
const chainOf = standardised((g) => -Math.log(strengths.reduce((sum, strength) => sum + Math.exp(-4 * strength(g)), 0)), samples)
const threeOf = standardised((g) => three.reduce((sum, term) => sum + term(g), 0), samples)
const fieldOf = (g) =>
  repeats.reduce((sum, count, b) => {
    const layers = Math.max(1, count + g[positionOf(b, 'layerDelta')] - 1)
    return sum + layers * (kernels[g[positionOf(b, 'kernel')]] - 1) * strides[b]
  }, 0)
const edge = percentile(samples.map(fieldOf), 0.35)

function value(genome) {
  const g = space.canonical(genome)
  const u = 0.3 * capacityOf(g) + 0.65 * chainOf(g) + 0.7 * threeOf(g)
  return 1 - 0.28 * Math.exp(-0.08 * u) - (fieldOf(g) < edge ? 0.02 : 0)
}

export const weakestObjective = {
  name: 'weakest',
  space,
  facts,
  targetMs,
  noiseSd,
  value,
  /** @param random of randomOf */
  observe: (genome, random) => value(genome) + noiseSd * random.normal(),
}

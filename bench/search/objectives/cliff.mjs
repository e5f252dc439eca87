import { blocks, decisionsOfBlock, facts, positionOf, space, targetMs } from './mnasnet.mjs'
import { percentile, randomGenomes, randomOf, standardised } from './random.mjs'

/**
 * Objective `cliff`: no table of pairs. Sums that saturate, terms of three decisions, and a cliff. Everything is drawn from seed
 * 31415; k is a kind of decision, w ~ U(.2, 1) of each block and kind.
 *
 *   capacity(g)  = 1 − exp(−MACs(g) / M)                      M: median of 2,000 random genomes, seed 3
 *   kind_k(g)    = 1 − exp(−1.5 · Σ_b w_kb · r_k[g_bk] / Σ_b w_kb)    r_k: 0 for the worst choice of the kind to 1 for its best
 *   three(g)     = Σ_{90 triples} s · 1[g_d ∈ D, g_e ∈ E, g_f ∈ F]     s = ±1; d, e, f of up to three blocks; D, E, F half of the choices
 *   field(g)     = Σ_b layers_b · (kernel_b − 1) · stride so far       what the last value sees of the picture
 *   u(g)         = .5 · std(capacity) + .8 · std(Σ_k kind_k) + .7 · std(three)
 *   value(g)     = .78 − .03 · ln(1 + exp(−1.5 · u(g))) − .03 · 1[field(g) < F]
 *
 * F: the 35th percentile of field; std: mean 0 and sd 1; both over the same genomes. An observation adds noise of sd .004.
 */
const seed = 31415
const triples = 90
const noiseSd = 0.004
const kernels = [3, 5]
const repeats = [1, 2, 3, 4, 3, 3, 1]
const strides = [2, 4, 8, 16, 16, 32, 32]

const { uniform, below } = randomOf(seed)
const samples = randomGenomes(space, 2000, 3)
const kinds = Array.from({ length: decisionsOfBlock }, (_, kind) => {
  const weights = Array.from({ length: blocks }, () => 0.2 + 0.8 * uniform())
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const ranks = shuffled(space.decisions[kind].choices.map((_, v, { length }) => v / (length - 1)))
  return (g) => {
    const sum = weights.reduce((part, weight, b) => part + weight * ranks[g[decisionsOfBlock * b + kind]], 0)
    return 1 - Math.exp((-1.5 * sum) / total)
  }
})
const three = Array.from({ length: triples }, () => {
  const block = below(blocks)
  const conditions = Array.from({ length: 3 }, () => {
    const near = Math.min(blocks - 1, Math.max(0, block - 1 + below(3)))
    const position = decisionsOfBlock * near + below(decisionsOfBlock)
    const { length } = space.decisions[position].choices
    return { position, among: shuffled([...Array(length).keys()]).slice(0, Math.ceil(length / 2)) }
  })
  const sign = uniform() < 0.5 ? -1 : 1
  return (g) => (conditions.every(({ position, among }) => among.includes(g[position])) ? sign : 0)
})

function shuffled(values) {
  const left = [...values]
  return values.map(() => left.splice(below(left.length), 1)[0])
}

const median = percentile(
  samples.map((g) => facts(g).costs.macs),
  0.5,
)
const capacityOf = standardised((g) => 1 - Math.exp(-facts(g).costs.macs / median), samples)
const kindsOf = standardised((g) => kinds.reduce((sum, kind) => sum + kind(g), 0), samples)
const threeOf = standardised((g) => three.reduce((sum, term) => sum + term(g), 0), samples)
const fieldOf = (g) =>
  repeats.reduce((sum, count, b) => {
    const layers = Math.max(1, count + g[positionOf(b, 'layerDelta')] - 1)
    return sum + layers * (kernels[g[positionOf(b, 'kernel')]] - 1) * strides[b]
  }, 0)
const edge = percentile(samples.map(fieldOf), 0.35)

function value(genome) {
  const g = space.canonical(genome)
  const u = 0.5 * capacityOf(g) + 0.8 * kindsOf(g) + 0.7 * threeOf(g)
  return 0.78 - 0.03 * Math.log(1 + Math.exp(-1.5 * u)) - (fieldOf(g) < edge ? 0.03 : 0)
}

export const cliffObjective = {
  name: 'cliff',
  space,
  facts,
  targetMs,
  noiseSd,
  value,
  /** @param random of randomOf */
  observe: (genome, random) => value(genome) + noiseSd * random.normal(),
}

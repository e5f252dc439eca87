import type { Decision, Facts, Genome, SearchSpace } from '@mnas/core/contracts'

/** Where the groups of a feature vector end: `base` from 0, `kinds` behind it, `costs` to the end. */
export interface GroupEnds {
  readonly base: number
  readonly kinds: number
  readonly costs: number
}

export interface GenomeFeatures {
  readonly ends: GroupEnds
  /** @param genome canonical */
  of(genome: Genome): Float64Array
}

/** One choice of a decision but the first, which has no column: a decision that does not act contributes nothing. */
interface Column {
  readonly decision: number
  readonly choice: number
  /** Choices are numbers: the column says "at least this one". */
  readonly ordered: boolean
  /** Column of the sum over decisions of the same kind; null: no other decision is of this kind. */
  readonly kind: number | null
}

const costFeatures = 3
/** log of what should be above 0 and need not be. */
const logOf = (value: number) => Math.log(Math.max(value, 1e-12))

/**
 * Features of canonical genomes, by the decisions alone:
 *
 *   base   1[g ≥ v] for each choice v ≥ 1 of an ordered decision, 1[g = v] of another
 *   kinds  sums of these over decisions whose names end alike behind the last dot (block1.kernel, block2.kernel)
 *   costs  log latency, log multiply-adds, log parameters
 *
 * centred by their means over `samples`; each cost divided by its sd there, each group by the root of its mean squared norm.
 * @param estimate must say the same of a genome for ever
 */
export function genomeFeatures(
  { decisions }: Pick<SearchSpace, 'decisions'>,
  estimate: (genome: Genome) => Pick<Facts, 'costs' | 'latency'>,
  samples: readonly Genome[],
): GenomeFeatures {
  const { columns, kinds } = columnsOf(decisions)
  const ends = { base: columns.length, kinds: columns.length + kinds, costs: columns.length + kinds + costFeatures }
  const raw = (genome: Genome) => {
    const x = new Float64Array(ends.costs)
    for (let j = 0; j < columns.length; j++) {
      const { decision, choice, ordered, kind } = columns[j]!
      const chosen = genome[decision]!
      if (ordered ? chosen < choice : chosen !== choice) continue
      x[j] = 1
      if (kind !== null) x[ends.base + kind]! += 1
    }
    const { latency, costs } = estimate(genome)
    x.set([logOf(latency.latencyMs), logOf(costs.macs), logOf(costs.parameters)], ends.kinds)
    return x
  }
  const { means, scales } = standardsOf(samples.map(raw), ends)
  return {
    ends,
    of(genome) {
      const x = raw(genome)
      for (let j = 0; j < x.length; j++) x[j] = (x[j]! - means[j]!) * scales[j]!
      return x
    },
  }
}

function columnsOf(decisions: readonly Decision[]): { readonly columns: readonly Column[]; readonly kinds: number } {
  const kindOf = (name: string) => name.slice(name.lastIndexOf('.') + 1)
  const sharing = new Map<string, number>()
  for (const { name } of decisions) sharing.set(kindOf(name), (sharing.get(kindOf(name)) ?? 0) + 1)
  const kinds = new Map<string, number>()
  const columns = decisions.flatMap(({ name, choices }, decision) => {
    const ordered = choices.every((choice) => typeof choice === 'number')
    return choices.slice(1).map((_, index): Column => {
      const choice = index + 1
      if (sharing.get(kindOf(name))! < 2) return { decision, choice, ordered, kind: null }
      const key = `${kindOf(name)} ${choice}`
      if (!kinds.has(key)) kinds.set(key, kinds.size)
      return { decision, choice, ordered, kind: kinds.get(key)! }
    })
  })
  return { columns, kinds: kinds.size }
}

function standardsOf(samples: readonly Float64Array[], ends: GroupEnds) {
  const means = new Float64Array(ends.costs)
  const squares = new Float64Array(ends.costs)
  for (const x of samples) for (let j = 0; j < means.length; j++) means[j]! += x[j]! / samples.length
  for (const x of samples) for (let j = 0; j < means.length; j++) squares[j]! += (x[j]! - means[j]!) ** 2 / samples.length
  const scales = new Float64Array(ends.costs).fill(1)
  for (let j = ends.kinds; j < ends.costs; j++) scales[j] = 1 / (Math.sqrt(squares[j]!) + 1e-9)
  const groups = [
    [0, ends.base],
    [ends.base, ends.kinds],
    [ends.kinds, ends.costs],
  ] as const
  for (const [from, to] of groups) {
    let norm = 0
    for (let j = from; j < to; j++) norm += squares[j]! * scales[j]! ** 2
    const scale = norm > 0 ? 1 / Math.sqrt(norm) : 0
    for (let j = from; j < to; j++) scales[j]! *= scale
  }
  return { means, scales }
}

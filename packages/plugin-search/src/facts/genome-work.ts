import type { Costs, Genome, SearchSpace, Task } from '@mnas/core/contracts'
import { costsOf, lower } from '@mnas/core/graph'
import { keyOf } from '../genome-key.js'
import { randomGenomes } from '../space/random-genomes.js'
import type { FeaturesOf, Work, WorkOf } from './estimated.js'
import { partWork } from './part-work.js'
import { sizeFeatures } from './size-model.js'

/**
 * The work of genomes of a space: put together from parts where space and task allow it (some microseconds once warm), else from
 * the lowered graph (some milliseconds). Both say the same.
 */
export function genomeWork(space: SearchSpace, featuresOf: FeaturesOf, task: Task): WorkOf {
  const lowered = loweredWork(space, featuresOf, task)
  const samples = samplesOf(space)
  for (const reads of ['features', 'tap'] as const) {
    const parts = partWork(space, featuresOf, task, reads)
    if (parts !== null && agree(parts, lowered, samples)) return parts
  }
  return lowered
}

function loweredWork(space: SearchSpace, featuresOf: FeaturesOf, task: Task): WorkOf {
  return remembered((genome) => {
    const graph = lower(space.decode(genome), task)
    return { costs: costsOf(graph), features: featuresOf(graph), sizeFeatures: sizeFeatures(graph) }
  })
}

/** A search looks at an architecture a few times within one trial and hardly ever again. */
const kept = 16

export function remembered<T>(look: (genome: Genome) => T): (genome: Genome) => T {
  const known = new Map<string, T>()
  return (genome) => {
    const key = keyOf(genome)
    let found = known.get(key)
    if (found === undefined) {
      found = look(genome)
      if (known.size >= kept) known.clear()
      known.set(key, found)
    }
    return found
  }
}

const comparedAtRandom = 6

/** The smallest network, one with the last choice of every decision, and a few more. */
function samplesOf(space: SearchSpace): readonly Genome[] {
  const last = space.canonical(space.decisions.map(({ choices }) => choices.length - 1))
  return [space.smallest(), last, ...randomGenomes(space, comparedAtRandom, 0, 'parts')]
}

/** A head that reads something else, or rows that are not what decode says, show here: then no parts are used. */
function agree(parts: WorkOf, lowered: WorkOf, genomes: readonly Genome[]): boolean {
  return genomes.every((genome) => {
    let a: Work
    try {
      a = parts(genome)
    } catch {
      return false
    }
    const b = lowered(genome)
    const sameCosts = costNames.every((name) => a.costs[name] === b.costs[name])
    const sameSize = a.sizeFeatures.every((value, j) => value === b.sizeFeatures[j])
    return (
      sameCosts && sameSize && a.features.every((value, j) => Math.abs(value - b.features[j]!) <= 1e-9 * Math.abs(b.features[j]!))
    )
  })
}
const costNames = ['parameters', 'macs', 'peakMemoryBytes'] as const satisfies readonly (keyof Costs)[]

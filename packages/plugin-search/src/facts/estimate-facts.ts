import type { Costs, Facts, Genome, LatencyModel, SearchSpace, Task } from '@mnas/core/contracts'
import { costsOf, lower } from '@mnas/core/graph'
import { keyOf } from '../genome-key.js'
import { randomGenomes } from '../space/random-genomes.js'
import type { EstimateOf } from './estimated.js'
import { partEstimates } from './part-estimates.js'
import type { SizeModel } from './size-model.js'

/**
 * Costs, estimated latency and size of genomes of a space: put together from parts where space, model and task allow it (some
 * microseconds once warm), else from the lowered graph (some milliseconds). Both say the same.
 * @param sizes null: nothing is said of sizes
 */
export function estimateFacts(space: SearchSpace, model: LatencyModel, task: Task, sizes: SizeModel | null = null): EstimateOf {
  const lowered = loweredEstimates(space, model, task, sizes)
  const parts = partEstimates(space, model, task, sizes)
  return parts !== null && agree(parts, lowered, samplesOf(space)) ? parts : lowered
}

/** A search looks at an architecture a few times within one trial and hardly ever again. */
const kept = 16

export function loweredEstimates(
  space: SearchSpace,
  model: LatencyModel,
  task: Task,
  sizes: SizeModel | null = null,
): EstimateOf {
  const known = new Map<string, Facts>()
  return (genome) => {
    const key = keyOf(genome)
    let estimated = known.get(key)
    if (!estimated) {
      const graph = lower(space.decode(genome), task)
      const sizeBytes = sizes ? sizes.predictSum(sizes.features(graph)) : null
      estimated = { costs: costsOf(graph), latency: model.predict(graph), sizeBytes }
      if (known.size >= kept) known.clear()
      known.set(key, estimated)
    }
    return estimated
  }
}

const comparedAtRandom = 6

/** The smallest network, one with the last choice of every decision, and a few more. */
function samplesOf(space: SearchSpace): readonly Genome[] {
  const last = space.canonical(space.decisions.map(({ choices }) => choices.length - 1))
  return [space.smallest(), last, ...randomGenomes(space, comparedAtRandom, 0, 'parts')]
}

/** A head that taps the inside of the network, or rows that are not what decode says, show here: then no parts are used. */
function agree(parts: EstimateOf, lowered: EstimateOf, genomes: readonly Genome[]): boolean {
  return genomes.every((genome) => {
    let a: Facts
    try {
      a = parts(genome)
    } catch {
      return false
    }
    const b = lowered(genome)
    const sameCosts = costNames.every((name) => a.costs[name] === b.costs[name])
    const sameSize = a.sizeBytes === b.sizeBytes
    return sameCosts && sameSize && Math.abs(a.latency.latencyMs - b.latency.latencyMs) <= 1e-9 * Math.abs(b.latency.latencyMs)
  })
}
const costNames = ['parameters', 'macs', 'peakMemoryBytes'] as const satisfies readonly (keyof Costs)[]

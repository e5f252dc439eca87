import type { LatencyModel, SearchSpace, Task } from '@mnas/core/contracts'
import { costsOf, lower } from '@mnas/core/graph'
import type { EstimateOf } from './estimated.js'
import { genomeWork, remembered } from './genome-work.js'

/** A latency model that was fitted. */
type Fitted = Pick<LatencyModel, 'predict' | 'additive'>

/** Costs and estimated latency of genomes of a space; by a model that adds up in some microseconds once warm (see genomeWork). */
export function estimateFacts(space: SearchSpace, model: Fitted, task: Task): EstimateOf {
  const { additive } = model
  if (!additive) return loweredEstimates(space, model, task)
  const work = genomeWork(space, additive.features, task)
  return (genome) => {
    const { costs, features } = work(genome)
    return { costs, latency: additive.predictSum(features), sizeBytes: null }
  }
}

export function loweredEstimates(space: SearchSpace, model: Fitted, task: Task): EstimateOf {
  return remembered((genome) => {
    const graph = lower(space.decode(genome), task)
    return { costs: costsOf(graph), latency: model.predict(graph), sizeBytes: null }
  })
}

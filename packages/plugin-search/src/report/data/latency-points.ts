import type { Task } from '@mnas/core/contracts'
import { lower } from '@mnas/core/graph'
import { candidateId } from '../../candidate-id.js'
import type { Comparison } from '../../latency/latency-accuracy.js'
import { featuresOf, fitLatencyModel } from '../../latency/operator-latency-model.js'
import { architectureOf } from '../../results/search-results.js'
import type { RunReader } from '../../run/records.js'

/** A network's latency as a model predicts it that was fitted to all the others, and as it was measured. */
export interface LatencyPoint extends Comparison {
  readonly id: string
}

/** The latest are told one by one. */
const mostNetworks = 200
/** Fewer say nothing of the others. */
const fewestNetworks = 4

/** Of the networks that trials measured in full; none where they are too few. */
export function latencyPoints(store: RunReader, task: Task): readonly LatencyPoint[] {
  const measured = store.latestMeasured(mostNetworks)
  if (measured.length < fewestNetworks) return []
  const samples = measured.map(({ trial, latency: { latencyMs } }) => ({
    features: featuresOf(lower(architectureOf(store, trial), task)),
    latencyMs,
  }))
  const { leftOut } = fitLatencyModel(samples)
  return measured.map(({ trial }, index) => ({
    id: candidateId(store.trial(trial)!.candidate),
    predictedMs: leftOut[index]!,
    measuredMs: samples[index]!.latencyMs,
  }))
}

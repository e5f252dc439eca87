import type { Graph, Task } from '@mnas/core/contracts'
import { lower } from '@mnas/core/graph'
import { candidateId } from '../../candidate-id.js'
import { operatorLatencyModel } from '../../latency/operator-latency-model.js'
import { architectureOf } from '../../results/search-results.js'
import { pages } from '../../run/pages.js'
import type { RunReader } from '../../run/records.js'

/** A network's latency as a model predicts it that was fitted to all the others, and as it was measured; in milliseconds. */
export interface LatencyPoint {
  readonly id: string
  readonly predictedMs: number
  readonly measuredMs: number
}

/** More than 0: predicted too slow. */
export const errorOf = ({ predictedMs, measuredMs }: LatencyPoint): number => predictedMs / measuredMs - 1

/** Every one of them is a fit. */
const mostNetworks = 60
/** Fewer say nothing of the others. */
const fewestNetworks = 4

/** Of the networks that trials measured in full, the latest; none where they are too few. */
export function latencyPoints(store: RunReader, task: Task): readonly LatencyPoint[] {
  const measured = measuredTrials(store)
    .slice(-mostNetworks)
    .map(({ trial, latencyMs }) => ({ trial, latencyMs, graph: lower(architectureOf(store, trial), task) }))
  if (measured.length < fewestNetworks) return []
  return measured.map((left) => ({
    id: candidateId(store.trial(left.trial)!.candidate),
    predictedMs: predictedBy(
      measured.filter((other) => other !== left),
      left.graph,
    ),
    measuredMs: left.latencyMs,
  }))
}

function predictedBy(others: Parameters<ReturnType<typeof operatorLatencyModel>['fit']>[0], graph: Graph): number {
  const model = operatorLatencyModel()
  model.fit(others)
  return model.predict(graph).latencyMs
}

function measuredTrials(store: RunReader) {
  const found: { readonly trial: number; readonly latencyMs: number }[] = []
  for (const page of pages(
    (after) => store.timedTrials({ after }),
    ({ trial }) => trial,
  ))
    for (const { trial, latency } of page) if (latency.source === 'measured') found.push({ trial, latencyMs: latency.latencyMs })
  return found
}

import { type Architecture, architectureHash } from '@mnas/core/architecture'
import type { Costs, Facts, Graph, Hash, Latency, LatencyModel, Task } from '@mnas/core/contracts'
import { costsOf, lower } from '@mnas/core/graph'
import type { Effort, RunReader } from '../run/records.js'

/** A quick run, one process, is off by up to a sixth; a full measurement is what counts. */
const relativeErrors: Readonly<Record<Effort, number>> = { quick: 1 / 6, full: 0 }

export function measuredLatency(latencyMs: number, effort: Effort): Latency {
  return { latencyMs, source: effort === 'full' ? 'measured' : 'quick', relativeError: relativeErrors[effort] }
}

/** The best that the run knows of an architecture: measured, else quickly run, else estimated. Depends on the run store alone. */
export function knownFacts(store: RunReader, model: LatencyModel, task: Task): (architecture: Architecture) => Facts {
  const graphs = new Map<Hash, { readonly graph: Graph; readonly costs: Costs }>()
  const lowered = (candidate: Hash, architecture: Architecture) => {
    const known = graphs.get(candidate)
    if (known) return known
    const graph = lower(architecture, task)
    // A search looks at an architecture a few times within one trial and hardly ever again.
    if (graphs.size >= 16) graphs.clear()
    const entry = { graph, costs: costsOf(graph) }
    graphs.set(candidate, entry)
    return entry
  }
  return (architecture) => {
    const candidate = architectureHash(architecture)
    const { graph, costs } = lowered(candidate, architecture)
    return { latency: bestLatency(store, candidate) ?? model.predict(graph), costs }
  }
}

function bestLatency(store: RunReader, candidate: Hash): Latency | null {
  for (const effort of ['full', 'quick'] as const) {
    const record = store.measurement(candidate, effort)
    if (record) return measuredLatency(record.measurement.latencyMs, effort)
  }
  return null
}

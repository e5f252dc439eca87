import type { Architecture } from '@mnas/core/architecture'
import type { Headline, QuantizedQuality } from '@mnas/core/contracts'
import type { Candidate, Range } from '../answers/candidate.js'
import { candidateId } from '../candidate-id.js'
import { searchErrors } from '../errors.js'
import { type FrontPoint, hypervolume, type LatencyRange } from '../hypervolume.js'
import type { CompletedTrial, RunReader } from '../run/records.js'
import type { PostProcessingCost } from '../run/run-file.js'

/** The best of a run and its front: a few candidates, however long the run is. */
export interface Results {
  readonly best: Candidate | null
  readonly front: readonly Candidate[]
}

/** What candidates of a run are shown with. */
export interface ResultContext {
  readonly headline: Headline
  readonly postProcessing: PostProcessingCost | null
  /** Of a search for a front. */
  readonly rangeMs: LatencyRange | null
}

export function resultsOf(store: RunReader, context: ResultContext): Results {
  const best = store.best()
  const front = store.front().map((trial) => candidateOf(store, trial, context))
  return { front, best: best && (front.find(({ trial }) => trial === best.id) ?? candidateOf(store, best, context)) }
}

function candidateOf(store: RunReader, trial: CompletedTrial, { headline, postProcessing }: ResultContext): Candidate {
  const { id, candidate, facts, outcome } = trial
  const file = store.file(candidate)
  const measurement = file && store.measurement(file.structure, 'full')?.measurement
  return {
    id: candidateId(candidate),
    trial: id,
    architecture: architectureOf(store, id),
    accuracy: outcome.estimate.metrics[headline.name] ?? 0,
    quantized: quantizedOf(outcome.estimate.quantized),
    latencyMs: facts.latency.latencyMs,
    ...(postProcessing?.latencyMs != null && { totalMs: facts.latency.latencyMs + postProcessing.latencyMs }),
    spread: measurement?.spread ?? 0,
    stable: measurement?.stable ?? false,
    parameters: facts.costs.parameters,
    macs: facts.costs.macs,
    sizeBytes: facts.sizeBytes,
    peakMemoryBytes: facts.costs.peakMemoryBytes,
    reward: outcome.reward,
  }
}

/** A search's range as answers tell it, with what the front is worth there; nothing where one network is searched. */
export function rangeOf({ rangeMs }: ResultContext, front: readonly Candidate[]): { readonly range?: Range } {
  if (rangeMs === null) return {}
  const [leastMs, mostMs] = rangeMs
  return { range: { leastMs, mostMs, hypervolume: hypervolume(front.map(pointOf), rangeMs) } }
}

const pointOf = ({ accuracy, quantized, latencyMs, totalMs }: Candidate): FrontPoint => ({
  quality: quantized?.accuracy ?? accuracy,
  latencyMs: totalMs ?? latencyMs,
})

/** As answers tell it. */
export function quantizedOf(known: QuantizedQuality | null | undefined): Candidate['quantized'] {
  if (!known) return null
  const { quality, ...rest } = known
  return { ...rest, accuracy: quality }
}

/** Of a trial that was not screened out. @throws MNAS_RUN_CORRUPT */
export function architectureOf(store: RunReader, trial: number): Architecture {
  const architecture = store.architecture(trial)
  if (architecture) return architecture
  throw searchErrors.MNAS_RUN_CORRUPT({ path: store.folder, reason: `trial ${trial} has no architecture` })
}

import type { Architecture } from '@mnas/core/architecture'
import type { QuantizedQuality } from '@mnas/core/contracts'
import type { Candidate } from '../answers/candidate.js'
import { candidateId } from '../candidate-id.js'
import { searchErrors } from '../errors.js'
import type { CompletedTrial, RunReader } from '../run/records.js'

/** The best of a run and its front: a few candidates, however long the run is. */
export interface Results {
  readonly best: Candidate | null
  readonly front: readonly Candidate[]
}

/** @param metric name of what was learned */
export function resultsOf(store: RunReader, metric: string): Results {
  const best = store.best()
  const front = store.front().map((trial) => candidateOf(store, trial, metric))
  return { front, best: best && (front.find(({ trial }) => trial === best.id) ?? candidateOf(store, best, metric)) }
}

function candidateOf(store: RunReader, { id, candidate, facts, outcome }: CompletedTrial, metric: string): Candidate {
  const file = store.file(candidate)
  const measurement = file && store.measurement(file.structure, 'full')?.measurement
  return {
    id: candidateId(candidate),
    trial: id,
    architecture: architectureOf(store, id),
    accuracy: outcome.estimate.metrics[metric] ?? 0,
    quantized: quantizedOf(outcome.estimate.quantized),
    latencyMs: facts.latency.latencyMs,
    spread: measurement?.spread ?? 0,
    stable: measurement?.stable ?? false,
    parameters: facts.costs.parameters,
    macs: facts.costs.macs,
    reward: outcome.reward,
  }
}

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

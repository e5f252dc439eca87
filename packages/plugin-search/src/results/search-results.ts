import type { Architecture } from '@mnas/core/architecture'
import type { Headline, QuantizedQuality } from '@mnas/core/contracts'
import type { Candidate } from '../answers/candidate.js'
import { candidateId } from '../candidate-id.js'
import { searchErrors } from '../errors.js'
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

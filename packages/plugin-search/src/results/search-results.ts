import type { Architecture } from '@mnas/core/architecture'
import type { Estimate, Headline, QuantizedQuality } from '@mnas/core/contracts'
import type { Candidate, Range } from '../answers/parts/candidate.js'
import { candidateId } from '../candidate-id.js'
import { searchErrors } from '../errors.js'
import { type FrontPoint, hypervolume, type LatencyRange } from '../hypervolume.js'
import type { CompletedOutcome, CompletedTrial, RunReader, SecondTraining } from '../run/records.js'
import type { PostProcessingCost } from '../run/run-file.js'
import { meanReward } from '../winner/mean-reward.js'
import { winnerOf } from '../winner/winner-of.js'

/** The best of a run and its front: a few candidates, however long the run is. */
export interface Results {
  readonly best: Candidate | null
  readonly front: readonly Candidate[]
  /** Trained again, in the order in which they were chosen. */
  readonly finalists: readonly Candidate[]
}

/** What candidates of a run are shown with. */
export interface ResultContext {
  readonly headline: Headline
  readonly postProcessing: PostProcessingCost | null
}

/** What a run is shown with. */
export interface RunContext extends ResultContext {
  /** Of a search for a front. */
  readonly rangeMs: LatencyRange | null
}

export function resultsOf(store: RunReader, context: ResultContext): Results {
  const best = winnerOf(store)
  const again = new Map(store.finalists().map((finalist) => [finalist.trial, finalist.again]))
  const shown = (trial: CompletedTrial) => candidateOf(store, trial, again.get(trial.id) ?? null, context)
  const front = store.front().map(shown)
  const finalists = [...again.keys()].map((id) => shown(store.trial(id) as CompletedTrial))
  return { front, finalists, best: best && (front.find(({ trial }) => trial === best.id) ?? shown(best)) }
}

function candidateOf(
  store: RunReader,
  trial: CompletedTrial,
  again: SecondTraining | null,
  { headline, postProcessing }: ResultContext,
): Candidate {
  const { id, candidate, facts, outcome } = trial
  const file = store.file(candidate)
  const measurement = file && store.measurement(file.structure, 'full')?.measurement
  return {
    id: candidateId(candidate),
    trial: id,
    architecture: architectureOf(store, id),
    accuracy: outcome.estimate.metrics[headline.name] ?? 0,
    quantized: quantizedOf(outcome.estimate.quantized),
    ...(again?.error === null && { again: againOf(outcome, again, headline) }),
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
export function rangeOf({ rangeMs }: Pick<RunContext, 'rangeMs'>, front: readonly Candidate[]): { readonly range?: Range } {
  if (rangeMs === null) return {}
  const [leastMs, mostMs] = rangeMs
  return { range: { leastMs, mostMs, hypervolume: hypervolume(front.map(pointOf), rangeMs) } }
}

const pointOf = ({ accuracy, quantized, latencyMs, totalMs }: Candidate): FrontPoint => ({
  quality: quantized?.accuracy ?? accuracy,
  latencyMs: totalMs ?? latencyMs,
})

function againOf(
  outcome: CompletedOutcome,
  again: Extract<SecondTraining, { readonly error: null }>,
  { name }: Headline,
): NonNullable<Candidate['again']> {
  const accuracyOf = ({ metrics }: Estimate) => metrics[name] ?? 0
  const { estimate } = again
  return {
    accuracy: accuracyOf(estimate),
    quantized: quantizedOf(estimate.quantized),
    mean: (accuracyOf(outcome.estimate) + accuracyOf(estimate)) / 2,
    meanReward: meanReward(outcome, again),
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

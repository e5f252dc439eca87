import type { Estimate, Hash, JobProgress, Measured, QuantizedQuality, TrialJob, TrialOutcome } from '@mnas/core/contracts'
import { hashJson } from '@mnas/core/files'
import { weaklyDominates } from '../pareto-front.js'
import type { TrialRecord } from '../run/records.js'
import type { StartedSearch } from '../start/search.js'
import { failedTrial, type Told, timeTrial, toldOf } from './time-trial.js'
import { trainCandidate } from './train-candidate.js'

type Hear = (progress: JobProgress) => void

/** How a trial ended, and the blobs that nobody needs once that is recorded. */
export interface TrialEnd {
  readonly outcome: TrialOutcome
  readonly blobs: readonly Hash[]
}

/**
 * The life of one trial after it was asked: timed as `timeTrial` does it, and trained if still worth it. A failure is an outcome.
 * Whatever was recorded before is not done again. @throws only when the search itself has to stop
 */
export async function runTrial(search: StartedSearch, trial: TrialRecord, hear: Hear): Promise<TrialEnd> {
  const timed = await timeTrial(search, trial)
  return timed.outcome ? ended(timed.outcome) : trained(search, trial, { ...toldOf(trial), facts: timed.facts }, hear)
}

const ended = (outcome: TrialOutcome, blobs: readonly Hash[] = []): TrialEnd => ({ outcome, blobs })

async function trained(search: StartedSearch, trial: TrialRecord, told: Told, hear: Hear): Promise<TrialEnd> {
  const { store, space, executor, signal } = search
  const request = search.request(space.decode(trial.genome))
  const { job } = request
  store.addEvent({ kind: 'training', trial: trial.id, job: hashJson(job) })
  const end = await trainCandidate(executor, request, hear, signal)
  if (end.kind !== 'completed') return ended({ ...told, status: end.kind, error: end.error })
  const { artefacts } = end.result
  const metrics = search.learn(end.result.metrics)
  const blobs = Object.values(artefacts)
  try {
    const quantized = await qualityAsFile(search, job, { metrics, facts: told.facts }, artefacts.weights)
    return ended(completed(search, told, { metrics, fidelity: job.fidelity, ...(quantized && { quantized }) }), blobs)
  } catch (failure) {
    signal.throwIfAborted()
    return ended(failedTrial(told, failure), blobs)
  }
}

/** Of a network that would be on the front. Others need not be asked: as files they are hardly better, and beaten as they are. */
async function qualityAsFile(
  { judge, store, objective }: StartedSearch,
  job: TrialJob,
  measured: Measured,
  weights: Hash | undefined,
): Promise<QuantizedQuality | null> {
  if (!judge || weights === undefined) return null
  const values = objective.values(measured)
  const beaten = store.front().some(({ outcome }) => weaklyDominates(objective.axes, outcome.values, values))
  return beaten ? null : judge(job, weights)
}

/** What counts is what will be deployed, where that is known. */
function completed({ objective, learn }: StartedSearch, told: Told, estimate: Estimate): TrialOutcome {
  const { metrics, quantized } = estimate
  const measured = { facts: told.facts, metrics: quantized ? learn(metrics, quantized.quality) : metrics }
  return { ...told, status: 'completed', estimate, values: objective.values(measured), reward: objective.reward(measured) }
}

import type { Hash, JobProgress, Measured, QuantizedQuality, TrialJob } from '@mnas/core/contracts'
import { hashJson } from '@mnas/core/files'
import { weaklyDominates } from '../pareto-front.js'
import type { EndedOutcome, PausedOutcome, TrialRecord } from '../run/records.js'
import { rungRequest } from '../rungs/rungs.js'
import type { StartedSearch } from '../start/search.js'
import { failedTrial, type Told, timeTrial, toldOf } from './time-trial.js'
import { trainCandidate } from './train-candidate.js'
import { worthOf } from './worth-of.js'

type Hear = (progress: JobProgress) => void

/** How a trial ended, or that it waits behind a rung, and the blobs that nobody needs once that is recorded. */
export type TrialEnd = { readonly blobs: readonly Hash[] } & (
  | { readonly outcome: EndedOutcome }
  | { readonly outcome: PausedOutcome; readonly weights: Hash | null }
)

/**
 * The life of one trial after it was asked: timed as `timeTrial` does it, and trained if still worth it, with rungs at its next one.
 * A failure is an outcome. Whatever was recorded before is not done again. @throws only when the search itself has to stop
 */
export async function runTrial(search: StartedSearch, trial: TrialRecord, hear: Hear): Promise<TrialEnd> {
  const timed = await timeTrial(search, trial)
  return timed.outcome ? ended(timed.outcome) : trained(search, trial, { ...toldOf(trial), facts: timed.facts }, hear)
}

const ended = (outcome: EndedOutcome, blobs: readonly Hash[] = []): TrialEnd => ({ outcome, blobs })

async function trained(search: StartedSearch, trial: TrialRecord, told: Told, hear: Hear): Promise<TrialEnd> {
  const { store, space, executor, signal, rungs } = search
  const proxy = search.request(space.decode(trial.genome))
  const before = rungs ? store.estimates(trial.id) : []
  const request = rungs ? rungRequest(proxy, rungs, before) : proxy
  const { job } = request
  const rung = rungs ? { rung: before.length } : {}
  store.transaction(() => store.addEvent({ kind: 'training', trial: trial.id, job: hashJson(job), ...rung }), false)
  const end = await trainCandidate(executor, request, hear, signal)
  // The next rung, if there is one, begins with this one's.
  const begunWith = before.flatMap(({ weights }) => (weights === null ? [] : [weights])).slice(-1)
  if (end.kind !== 'completed') return ended({ ...told, status: end.kind, error: end.error }, begunWith)
  const { artefacts } = end.result
  const metrics = search.learn(end.result.metrics)
  if (rungs && before.length < rungs.trainings.length - 1) {
    const estimate = { metrics, fidelity: job.fidelity }
    const values = search.objective.values({ metrics, facts: told.facts })
    const outcome = { ...told, status: 'paused', rung: before.length, estimate, values } as const
    return { outcome, weights: artefacts.weights ?? null, blobs: begunWith }
  }
  const blobs = [...Object.values(artefacts), ...begunWith]
  try {
    const quantized = await qualityAsFile(search, job, { metrics, facts: told.facts }, artefacts.weights)
    const estimate = { metrics, fidelity: job.fidelity, ...(quantized && { quantized }) }
    return ended({ ...told, status: 'completed', estimate, ...worthOf(search, told.facts, estimate), ...rung }, blobs)
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

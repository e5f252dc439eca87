import type { Estimate, Hash, JobProgress, JobRequest } from '@mnas/core/contracts'
import { toErrorRecord } from '@mnas/core/errors'
import type { CompletedTrial, SecondTraining } from '../run/records.js'
import { rungRequest } from '../rungs/rungs.js'
import type { StartedSearch } from '../start/search.js'
import { trainCandidate } from '../trials/train-candidate.js'
import { worthOf } from '../trials/worth-of.js'

/** What came of it, and the blobs that nobody needs once that is recorded. */
interface TrainedAgain {
  readonly again: SecondTraining
  readonly blobs: readonly Hash[]
}

/**
 * Trains the network of a trial as it was trained, from the next seed, and judges it as a file where files are what counts: also one
 * that was beaten without it, since now it may win. A failure is an end, too. @throws the signal's reason
 */
export async function trainAgain(
  search: StartedSearch,
  { genome, facts }: CompletedTrial,
  hear: (progress: JobProgress) => void,
): Promise<TrainedAgain> {
  const { space, signal, judge, learn } = search
  const request = search.request(space.decode(genome))
  const {
    end,
    job,
    blobs: begunWith,
  } = await trainFrom(search, { ...request, job: { ...request.job, seed: request.job.seed + 1 } }, hear)
  if (end.kind !== 'completed') return { again: { error: end.error }, blobs: begunWith }
  const { artefacts } = end.result
  const blobs = [...Object.values(artefacts), ...begunWith]
  const metrics = learn(end.result.metrics)
  try {
    const { weights } = artefacts
    const quantized = judge && weights !== undefined ? await judge(job, weights) : null
    const estimate: Estimate = { metrics, fidelity: job.fidelity, ...(quantized && { quantized }) }
    const { reward } = worthOf(search, facts, estimate)
    return { again: { estimate, reward, error: null }, blobs }
  } catch (failure) {
    signal.throwIfAborted()
    return { again: { error: toErrorRecord(failure) }, blobs }
  }
}

/** At every rung, one after the other: each begins where the one before ended. */
async function trainFrom({ executor, rungs, signal }: StartedSearch, proxy: JobRequest, hear: (progress: JobProgress) => void) {
  const before: { readonly weights: Hash | null }[] = []
  while (true) {
    const request = rungs ? rungRequest(proxy, rungs, before) : proxy
    const end = await trainCandidate(executor, request, hear, signal)
    const blobs = before.flatMap(({ weights }) => (weights === null ? [] : [weights]))
    const isLast = !rungs || before.length === rungs.trainings.length - 1
    if (isLast || end.kind !== 'completed') return { end, job: request.job, blobs }
    before.push({ weights: end.result.artefacts.weights ?? null })
  }
}

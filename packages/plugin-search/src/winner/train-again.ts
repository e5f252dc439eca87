import type { Estimate, Hash, JobProgress } from '@mnas/core/contracts'
import { toErrorRecord } from '@mnas/core/errors'
import type { CompletedTrial, SecondTraining } from '../run/records.js'
import type { StartedSearch } from '../start/search.js'
import { trainCandidate } from '../trials/train-candidate.js'

/** What came of it, and the blobs that nobody needs once that is recorded. */
interface TrainedAgain {
  readonly again: SecondTraining
  readonly blobs: readonly Hash[]
}

/**
 * Trains the network of a trial as it was trained, from the next seed, and judges it as a file where it was judged as one. A failure
 * is an end, too. @throws the signal's reason
 */
export async function trainAgain(
  search: StartedSearch,
  { genome, facts, outcome }: CompletedTrial,
  hear: (progress: JobProgress) => void,
): Promise<TrainedAgain> {
  const { space, executor, signal, objective, judge, learn } = search
  const request = search.request(space.decode(genome))
  const job = { ...request.job, seed: request.job.seed + 1 }
  const end = await trainCandidate(executor, { ...request, job }, hear, signal)
  if (end.kind !== 'completed') return { again: { error: end.error }, blobs: [] }
  const { artefacts } = end.result
  const blobs = Object.values(artefacts)
  const metrics = learn(end.result.metrics)
  try {
    const { weights } = artefacts
    const quantized = outcome.estimate.quantized && judge && weights !== undefined ? await judge(job, weights) : null
    const estimate: Estimate = { metrics, fidelity: job.fidelity, ...(quantized && { quantized }) }
    const reward = objective.reward({ facts, metrics: quantized ? learn(metrics, quantized.quality) : metrics })
    return { again: { estimate, reward, error: null }, blobs }
  } catch (failure) {
    signal.throwIfAborted()
    return { again: { error: toErrorRecord(failure) }, blobs }
  }
}

import type { JobRequest, RungPolicy, TrialJob } from '@mnas/core/contracts'
import type { RungEstimate } from '../run/records.js'

/** How one rung trains: a job of its own, with its own schedule. */
export type RungTraining = Pick<TrialJob, 'fidelity' | 'recipe'>

/** What a network goes through as long as it is promoted. */
export interface Rungs {
  readonly policy: RungPolicy
  /** At least 2. */
  readonly count: number
}

/** Trainings of a search that trains itself, each from the weights of the one before. */
export interface TrainedRungs extends Rungs {
  /** From the lowest on, `count` of them; the last is the proxy itself. */
  readonly trainings: readonly RungTraining[]
}

/**
 * The rung that a trial trains at next. @param request of the proxy itself, which the top rung is
 * @param before what the lower ones said, all of them
 */
export function rungRequest(
  request: JobRequest,
  { trainings }: TrainedRungs,
  before: readonly Pick<RungEstimate, 'weights'>[],
): JobRequest {
  const training = trainings[before.length]!
  const weights = before.at(-1)?.weights ?? null
  // Another schedule and perhaps another size: weights that fit, not a state to go on with.
  const start = weights === null ? request.job.start : ({ kind: 'inherit', checkpoint: weights } as const)
  const isTop = before.length === trainings.length - 1
  return { ...request, job: { ...request.job, ...training, start }, keep: isTop ? request.keep : ['weights'] }
}

/** How somebody else trains at a rung: in the words for all of it, and which one it is, from 1. */
export const rungInWords = (training: string, rung: number): string => `${training}${training ? ', ' : ''}rung ${rung + 1}`

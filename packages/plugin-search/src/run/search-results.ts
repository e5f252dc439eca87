import type { Architecture } from '@mnas/core/architecture'
import { candidateId } from '../candidate-id.js'
import { paretoFront } from '../pareto-front.js'
import type { RunReader, TrialRecord } from './records.js'

/** A trained candidate as every answer shows it. */
export interface Candidate {
  readonly id: string
  readonly trial: number
  readonly architecture: Architecture
  /** The task's primary metric on the held-out split after the proxy training, 0–1. */
  readonly accuracy: number
  readonly latencyMs: number
  /** (max − min) / median of the process medians, 0–1. */
  readonly spread: number
  readonly stable: boolean
  readonly parameters: number
  readonly macs: number
  readonly reward: number
}

/** Trials by how they ended; rejected ones were too slow and were never trained. */
export interface TrialCounts {
  readonly completed: number
  readonly pruned: number
  readonly failed: number
  readonly lost: number
  readonly rejected: number
  readonly pending: number
}

/** Every trained candidate, in the order in which they were asked. */
export function completedCandidates(store: RunReader, metric: string): readonly Candidate[] {
  return store.trials().flatMap(({ id, candidate, architecture, outcome }): Candidate[] => {
    if (outcome?.status !== 'completed') return []
    const measurement = store.measurement(candidate, 'full')?.measurement
    return [
      {
        id: candidateId(candidate),
        trial: id,
        architecture,
        accuracy: outcome.estimate.metrics[metric] ?? 0,
        latencyMs: outcome.facts.latency.latencyMs,
        spread: measurement?.spread ?? 0,
        stable: measurement?.stable ?? false,
        parameters: outcome.facts.costs.parameters,
        macs: outcome.facts.costs.macs,
        reward: outcome.reward,
      },
    ]
  })
}

export const frontOf = (candidates: readonly Candidate[]): readonly Candidate[] => paretoFront(candidates)

/** The highest reward; of equals the faster, then the earlier. */
export function bestOf(candidates: readonly Candidate[]): Candidate | null {
  return [...candidates].sort((a, b) => b.reward - a.reward || a.latencyMs - b.latencyMs || a.trial - b.trial)[0] ?? null
}

export function countTrials(trials: readonly Pick<TrialRecord, 'outcome'>[]): TrialCounts {
  const count = (status: string | undefined) => trials.filter(({ outcome }) => outcome?.status === status).length
  return {
    completed: count('completed'),
    pruned: count('pruned'),
    failed: count('failed'),
    lost: count('lost'),
    rejected: count('infeasible'),
    pending: count(undefined),
  }
}

/** What `--trials` counts: candidates that were sent on to training or failed on the way, not those that were too slow. */
export function countedTrials({ completed, pruned, failed, lost }: TrialCounts): number {
  return completed + pruned + failed + lost
}

import type { Genome } from '@mnas/core/contracts'
import { candidateId } from '../../candidate-id.js'
import type { ResultContext } from '../../results/search-results.js'
import { pages } from '../../run/pages.js'
import type { RunReader } from '../../run/records.js'

/** A network that was trained, in a few numbers. */
export interface TrainedTrial {
  readonly trial: number
  readonly id: string
  readonly genome: Genome
  /** The run's headline metric; of the file that is deployed, where that was looked at. */
  readonly quality: number
  /** With what runs behind the network, where that was timed. */
  readonly latencyMs: number
  readonly reward: number
}

/** All trained networks of a run, in the order of asking. */
export function trainedTrials(store: RunReader, { headline, postProcessing }: ResultContext): readonly TrainedTrial[] {
  const behindMs = postProcessing?.latencyMs ?? 0
  const trained: TrainedTrial[] = []
  for (const page of pages(
    (after) => store.trials({ after }),
    ({ id }) => id,
  ))
    for (const { id, candidate, genome, facts, outcome } of page) {
      if (outcome?.status !== 'completed') continue
      const { estimate, reward } = outcome
      trained.push({
        trial: id,
        id: candidateId(candidate),
        genome,
        quality: estimate.quantized?.quality ?? estimate.metrics[headline.name] ?? 0,
        latencyMs: facts.latency.latencyMs + behindMs,
        reward,
      })
    }
  return trained
}

/** The step at which a search found something better than all before. */
export interface Improvement {
  /** How many networks were trained by then, itself among them. */
  readonly count: number
  readonly trial: TrainedTrial
}

/** Each network whose reward is higher than those of all before it. */
export function improvementsOf(trained: readonly TrainedTrial[]): readonly Improvement[] {
  let best = Number.NEGATIVE_INFINITY
  return trained.flatMap((trial, index) => {
    if (!(trial.reward > best)) return []
    best = trial.reward
    return [{ count: index + 1, trial }]
  })
}

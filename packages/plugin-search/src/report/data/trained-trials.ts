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

/** All networks that a run has trained itself, in the order of asking: what another one has trained is known, and nobody asked for it. */
export function trainedTrials(store: RunReader, { headline, postProcessing }: ResultContext): readonly TrainedTrial[] {
  const behindMs = postProcessing?.latencyMs ?? 0
  const trained: TrainedTrial[] = []
  for (const page of pages(
    (after) => store.trials({ after }),
    ({ id }) => id,
  ))
    for (const { id, proposal, candidate, genome, facts, outcome } of page) {
      if (proposal === null || outcome?.status !== 'completed') continue
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

/** The step at which a search came to more than before. */
export interface Improvement {
  /** How many networks were trained by then, itself among them. */
  readonly count: number
  readonly trial: TrainedTrial
  readonly value: number
}

/** Each network whose value is higher than those of all before it. @param measure asked once of each, in their order */
export function improvementsOf(
  trained: readonly TrainedTrial[],
  measure: (trial: TrainedTrial) => number,
): readonly Improvement[] {
  let best = Number.NEGATIVE_INFINITY
  return trained.flatMap((trial, index) => {
    const value = measure(trial)
    if (!(value > best)) return []
    best = value
    return [{ count: index + 1, trial, value }]
  })
}

import type { Facts, SearchGoal, TrialOutcome } from '@mnas/core/contracts'
import { objectiveFor } from '../pick-target.js'

/** By what the controller judges what it drew. */
export interface Judgement {
  readonly goal: SearchGoal
  /** Of the update that goes on; null: the goal has one of its own. */
  readonly targetMs: number | null
  /** What is learned, by its name. */
  readonly metric: string
  /** Of what trainings came to so far. */
  readonly mean: number
}

/** What a network is worth, with rungs at the first; null for what it came to behind that, and where nothing can be learned. */
export function rewardAtFirst(outcome: TrialOutcome, by: Judgement): number | null {
  return 'rung' in outcome && outcome.rung !== undefined && outcome.rung > 0 ? null : rewardOf(outcome, by)
}

function rewardOf(outcome: TrialOutcome, by: Judgement): number | null {
  const { status, facts } = outcome
  switch (status) {
    case 'completed':
      // As recorded where that is for this target: it may count what is left of a network as a file.
      return by.targetMs === null ? outcome.reward : rewardOfMetrics(outcome.estimate.metrics, facts, by)
    case 'paused':
    case 'stopped':
      return rewardOfMetrics(outcome.estimate.metrics, facts, by)
    case 'infeasible':
      return rewardOfMean(facts, by)
    case 'failed':
    case 'lost':
      return null
    default:
      return outcome satisfies never
  }
}

/** Of a network that is not trained, as if it came to the mean. */
export function rewardOfMean(facts: Facts, by: Judgement): number {
  return rewardOfMetrics({ [by.metric]: by.mean }, facts, by)
}

function rewardOfMetrics(metrics: Readonly<Record<string, number>>, facts: Facts, { goal, targetMs }: Judgement): number {
  return objectiveFor(goal, targetMs).reward({ metrics, facts })
}

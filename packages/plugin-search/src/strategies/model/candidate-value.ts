import type { Facts, SearchObjective } from '@mnas/core/contracts'
import { expectedImprovement } from './expected-improvement.js'
import type { Belief } from './process/gaussian-process.js'

/** What a network beyond the budget, or a limit, loses: more than any metric between 0 and 1 can make up for. */
const perOverrun = 2
const beyondLimits = 1

/** What candidates are worth to a search whose objective is `objective` and whose latencies end at `budgetMs`. */
export interface CandidateValues {
  /** 0 within the budget; else what orders networks beyond it, the nearest first. */
  penalty(facts: Facts): number
  /** The reward of a metric at these facts. */
  reward(metric: number, facts: Facts): number
  /** Expected improvement of the reward over the incumbent's. @param belief of the metric */
  improvement(belief: Belief, facts: Facts, incumbent: number): number
}

/** @param budgetMs null: the objective sets none */
export function candidateValues(objective: SearchObjective, metric: string, budgetMs: number | null): CandidateValues {
  const reward = (value: number, facts: Facts) => objective.reward({ metrics: { [metric]: value }, facts })
  return {
    penalty(facts) {
      const overrun = budgetMs === null ? 0 : Math.max(0, facts.latency.latencyMs / budgetMs - 1)
      return perOverrun * overrun + (objective.worthTraining(facts) ? 0 : beyondLimits)
    },
    reward,
    improvement({ mean, sd }, facts, incumbent) {
      // The reward need not be linear in the metric: its spread is that of its slope at the mean.
      const slope = (reward(mean + sd, facts) - reward(mean - sd, facts)) / 2
      return expectedImprovement({ mean: reward(mean, facts), sd: Math.max(slope, 1e-12) }, incumbent)
    },
  }
}

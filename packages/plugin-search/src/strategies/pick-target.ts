import type { SearchGoal, SearchObjective } from '@mnas/core/contracts'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'

/** Of a front, a target within its range, each as likely; null without a draw where one network is wanted. */
export function pickTarget(goal: SearchGoal, random: RandomGenerator): number | null {
  if (goal.kind === 'best') return null
  const [least, most] = goal.rangeMs
  return least + (most - least) * uniformFloat64(random)
}

/** @param targetMs of pickTarget */
export function objectiveFor(goal: SearchGoal, targetMs: number | null): SearchObjective {
  return goal.kind === 'best' || targetMs === null ? goal.objective : goal.objectiveAt(targetMs)
}

import type { SearchGoal } from '@mnas/core/contracts'

/**
 * The goal as strategies are told it: of a front only targets that the smallest network keeps. Whoever picks for another one finds
 * nothing. What the front is worth is still judged over the whole range.
 * @param smallestMs estimated, with what runs behind a network
 */
export function reachableGoal(goal: SearchGoal, smallestMs: number): SearchGoal {
  if (goal.kind === 'best') return goal
  const [least, most] = goal.rangeMs
  return { ...goal, rangeMs: [Math.min(most, Math.max(least, smallestMs)), most] }
}

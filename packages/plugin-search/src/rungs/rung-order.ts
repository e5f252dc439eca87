import type { BoardEntry, SearchGoal } from '@mnas/core/contracts'
import { hypervolume, type LatencyRange } from '../hypervolume.js'
import { paretoFront } from '../pareto-front.js'

interface Ranked {
  readonly entry: BoardEntry
  readonly values: readonly number[]
  readonly reward: number
}

/**
 * Who goes on first, by what networks were worth at one rung. By reward where one is wanted. Of a front those that no other beats,
 * then those that only they beat, and so on; among equals of these those without which the front would lose most hypervolume. Of
 * equals the earlier. @param entries that were trained at that rung
 */
export function rungOrder(entries: readonly BoardEntry[], goal: SearchGoal, rung: number): readonly BoardEntry[] {
  const ranked = entries.map((entry): Ranked => {
    const measured = { metrics: entry.estimates[rung]!.metrics, facts: entry.facts }
    return { entry, values: goal.objective.values(measured), reward: goal.objective.reward(measured) }
  })
  const order = goal.kind === 'best' ? byReward(ranked) : byFronts(ranked, goal)
  return order.map(({ entry }) => entry)
}

function byReward(ranked: readonly Ranked[]): readonly Ranked[] {
  return ranked.toSorted((a, b) => compare(b.reward, a.reward) || a.entry.trial - b.entry.trial)
}

/** A reward that is no number is the worst there is. */
const compare = (a: number, b: number): number => orderable(a) - orderable(b) || 0
const orderable = (reward: number): number => (Number.isFinite(reward) ? reward : -Number.MAX_VALUE)

function byFronts(ranked: readonly Ranked[], goal: Extract<SearchGoal, { readonly kind: 'front' }>): readonly Ranked[] {
  const { axes } = goal.objective
  const [quality, latency, ...others] = axes
  const isArea = quality.better === 'more' && latency?.name === 'latencyMs' && others.length === 0
  const order: Ranked[] = []
  for (let left = ranked; left.length > 0; ) {
    const front = paretoFront(left, axes, ({ values }) => values)
    order.push(...(isArea ? byContribution(front, goal.rangeMs) : byReward(front)))
    const taken = new Set(front)
    left = left.filter((one) => !taken.has(one))
  }
  return order
}

function byContribution(front: readonly Ranked[], range: LatencyRange): readonly Ranked[] {
  const points = front.map(({ values }) => ({ quality: values[0]!, latencyMs: values[1]! }))
  const whole = hypervolume(points, range)
  const lost = new Map(front.map((one, index) => [one, whole - hypervolume(points.toSpliced(index, 1), range)]))
  return front.toSorted((a, b) => compare(lost.get(b)!, lost.get(a)!) || a.entry.trial - b.entry.trial)
}

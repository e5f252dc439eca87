import type { SearchGoal } from '@mnas/core/contracts'
import { hypervolume } from '../hypervolume.js'
import type { RunReader } from '../run/records.js'

/** Of a run's front as it stands; null where one network is wanted, or the axes are not one quality against latency. */
export function frontHypervolume(store: RunReader, goal: SearchGoal): number | null {
  if (goal.kind === 'best') return null
  const [quality, latency, ...others] = goal.objective.axes
  if (quality.better !== 'more' || latency?.name !== 'latencyMs' || others.length > 0) return null
  const points = store.front().map(({ outcome: { values } }) => ({ quality: values[0]!, latencyMs: values[1]! }))
  return hypervolume(points, goal.rangeMs)
}

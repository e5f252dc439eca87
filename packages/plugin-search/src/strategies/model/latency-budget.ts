import type { Facts, SearchObjective } from '@mnas/core/contracts'

const halvings = 50

/**
 * The most milliseconds that an objective still finds worth training, found by asking it about made-up latencies. Objectives say what they
 * want of a network, not of a number.
 * @param facts of the smallest network, which keeps every other limit if any does
 * @param slowestMs where to end
 * @returns null when every latency up to there is worth it
 */
export function latencyBudget(objective: SearchObjective, facts: Facts, slowestMs: number): number | null {
  const worth = (latencyMs: number) =>
    objective.worthTraining({ ...facts, latency: { latencyMs, source: 'measured', relativeError: 0 } })
  let [within, beyond] = [0, slowestMs]
  if (worth(beyond) || !worth(within)) return null
  for (let halving = 0; halving < halvings && within < beyond; halving++) {
    const middle = (within + beyond) / 2
    if (worth(middle)) within = middle
    else beyond = middle
  }
  return within
}

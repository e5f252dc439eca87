import type { Facts, Measured, SearchObjective } from '@mnas/core/contracts'

/** The objective for networks behind which something runs that takes so long for each of them: what counts is the sum. */
export function behindNetwork(objective: SearchObjective, addedMs: number): SearchObjective {
  if (addedMs === 0) return objective
  const whole = ({ facts, metrics }: Measured): Measured => ({ metrics, facts: withAdded(facts, addedMs) })
  return {
    name: objective.name,
    axes: objective.axes,
    values: (measured) => objective.values(whole(measured)),
    reward: (measured) => objective.reward(whole(measured)),
    worthTraining: (facts) => objective.worthTraining(withAdded(facts, addedMs)),
  }
}

/** What is added is known: the sum may fall below its value by as many milliseconds as the network alone. */
function withAdded(facts: Facts, addedMs: number): Facts {
  const { latencyMs, source, relativeError } = facts.latency
  const sum = latencyMs + addedMs
  return { ...facts, latency: { latencyMs: sum, source, relativeError: (relativeError * latencyMs) / sum } }
}

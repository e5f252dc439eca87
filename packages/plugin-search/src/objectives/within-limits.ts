import { formatSize } from '@mnas/core/config'
import type { Facts, SearchLimits, SearchObjective } from '@mnas/core/contracts'
import { sizeMargin } from '../facts/size-model.js'

/** The objective, which now trains nothing that is larger than the limits. What is not known yet may still be small enough. */
export function withinLimits(objective: SearchObjective, limits: SearchLimits): SearchObjective {
  return {
    name: objective.name,
    axes: objective.axes,
    values: (measured) => objective.values(measured),
    reward: (measured) => objective.reward(measured),
    worthTraining: (facts) => exceeded(limits, facts) === null && objective.worthTraining(facts),
  }
}

/** A limit that a network exceeds. */
export interface Excess {
  /** With its unit. */
  readonly most: string
  readonly received: string
}

export function exceeded(limits: SearchLimits, { costs, latency, sizeBytes }: Facts): Excess | null {
  // A file that was not written may be a little smaller than predicted.
  const least = sizeBytes !== null && latency.source === 'estimated' ? sizeBytes * (1 - sizeMargin) : sizeBytes
  const known = { parameters: costs.parameters, peakMemoryBytes: costs.peakMemoryBytes, sizeBytes: least }
  for (const name of ['parameters', 'peakMemoryBytes', 'sizeBytes'] as const satisfies readonly (keyof SearchLimits)[]) {
    const [most, received] = [limits[name], known[name]]
    if (most !== undefined && received !== null && received > most)
      return { most: inWords(name, most), received: inWords(name, received) }
  }
  return null
}

function inWords(name: keyof SearchLimits, value: number): string {
  switch (name) {
    case 'parameters':
      return `${value} parameters`
    case 'peakMemoryBytes':
      return `${formatSize(value)} of activations`
    case 'sizeBytes':
      return `${formatSize(value)} of file`
    default:
      return name satisfies never
  }
}

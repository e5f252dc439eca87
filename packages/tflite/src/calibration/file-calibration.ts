import type { Calibration, Graph, Tensors } from '@mnas/core/contracts'
import { type Normalization, type NormalizedGraph, renormalize } from '@mnas/core/graph'

export interface FileGraph extends NormalizedGraph {
  /** What the calibration knows: the graph before it was rewritten. */
  readonly model: Graph
  /** How the file takes its pixels, and how the model does. */
  readonly from: Normalization
  readonly to: Normalization
}

/**
 * The calibration of a file that normalises pixels itself: its inputs as the file takes them, and behind them what the model's were. Values in
 * between are not told, and what has not been observed stays in float32: 8 bits twice over are too coarse for a pixel.
 */
export function fileCalibration(calibration: Calibration, { model, normalized, from, to }: FileGraph): Calibration {
  if (normalized.size === 0) return calibration
  const known = new Set([...Object.keys(model.inputs), ...model.nodes.map(({ id }) => id)])
  const inputOf = new Map([...normalized].map(([input, node]) => [node, input] as const))
  const sourceOf = (id: string) => inputOf.get(id) ?? id
  const asInFile = (id: string, values: Tensors) => {
    const value = values[sourceOf(id)]!
    return normalized.has(id) ? renormalize({ [id]: value }, to, from)[id]! : value
  }
  return {
    ...calibration,
    async *observe(ids) {
      const told = ids.filter((id) => known.has(sourceOf(id)))
      for await (const values of calibration.observe([...new Set(told.map(sourceOf))]))
        yield Object.fromEntries(told.map((id) => [id, asInFile(id, values)]))
    },
  }
}

import type { Calibration, Graph, Tensor } from '../../contracts/index.js'
import { specsOf } from '../../graph/index.js'

/**
 * Values that no network computed, from −1 to 1 in every channel: for a file of which the latency alone is asked. A range moves that no more than a
 * weight does.
 */
export function drawnCalibration(graph: Graph): Calibration {
  const specs = specsOf(graph)
  const ends = (id: string): Tensor => {
    const channels = specs.get(id)!.shape.at(-1) ?? 1
    const data = Float32Array.from({ length: 2 * channels }, (_, i) => (i < channels ? -1 : 1))
    return { dtype: 'float32', shape: [2, channels], data }
  }
  return {
    images: 0,
    synthetic: true,
    async *observe(ids) {
      yield Object.fromEntries(ids.map((id) => [id, ends(id)]))
    },
    distance: async () => null,
  }
}

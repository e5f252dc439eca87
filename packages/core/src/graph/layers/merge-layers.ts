import type { Layer, LayerGraph } from './layer.js'

/**
 * Replaces pairs (producer, layer) by what `merge` makes of them (null = leave both). Offered are pairs in which the layer is the only
 * reader of the producer and the producer's own value is no output: else that value would be lost.
 * What is merged keeps the layer's place and id, so a chain merges step by step.
 */
export function mergeLayers(graph: LayerGraph, merge: (producer: Layer, layer: Layer) => Layer | null): LayerGraph {
  const readers = new Map<string, number>()
  const reads = [...graph.layers.flatMap(({ inputs }) => inputs), ...Object.values(graph.outputs)]
  for (const id of reads) readers.set(id, (readers.get(id) ?? 0) + 1)
  const layers = new Map<string, Layer>()
  for (const layer of graph.layers) {
    const [input] = layer.inputs
    const producer = input !== undefined && readers.get(input) === 1 ? layers.get(input) : undefined
    const merged = producer && merge(producer, layer)
    if (merged) layers.delete(producer.id)
    layers.set(layer.id, merged ?? layer)
  }
  return { layers: [...layers.values()], outputs: graph.outputs }
}

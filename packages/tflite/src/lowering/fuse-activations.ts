import { isLayerOf, type Layer, type LayerGraph, mergeLayers, opFacts } from '@mnas/core/graph'

/** relu and relu6 become part of the layer whose value they clip, as the official converter does it. */
export function fuseActivations(graph: LayerGraph): LayerGraph {
  return mergeLayers(graph, (producer, layer) => {
    if (!isLayerOf(layer, 'relu', 'relu6') || producer.activation !== 'none') return null
    if (!opFacts[producer.node.op].activatable) return null
    return { ...producer, id: layer.id, activation: layer.node.op } as Layer
  })
}

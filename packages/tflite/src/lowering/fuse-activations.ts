import type { Op } from '@mnas/core/contracts'
import { isLayerOf, type Layer, type LayerGraph, mergeLayers } from '@mnas/core/graph'

/** Layers whose last TFLite operator has a fused activation. */
const activatable: ReadonlySet<Op> = new Set([
  'conv2d',
  'depthwiseConv2d',
  'dense',
  'batchNorm',
  'add',
  'subtract',
  'multiply',
  'divide',
])

/** relu and relu6 become part of the layer whose value they clip, as the official converter does it. */
export function fuseActivations(graph: LayerGraph): LayerGraph {
  return mergeLayers(graph, (producer, layer) => {
    if (!isLayerOf(layer, 'relu', 'relu6') || producer.activation !== 'none') return null
    if (!activatable.has(producer.node.op)) return null
    return { ...producer, id: layer.id, activation: layer.node.op } as Layer
  })
}

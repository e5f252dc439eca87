import type { Graph, GraphNode, Tensors } from '../../contracts/index.js'
import { opFacts } from '../ops/op-facts.js'
import { inputChannels, specsOf } from '../specs-of.js'
import { type LayerGraph, layerOf } from './layer.js'
import { layerParameters } from './layer-parameters.js'

/** The graph's nodes as layers: only what the outputs need, identities left out, parameters checked. @throws MNAS_EXPORT_WEIGHTS */
export function graphLayers(graph: Graph, weights: Tensors): LayerGraph {
  const source = identitySources(graph)
  const outputs = Object.fromEntries(Object.entries(graph.outputs).map(([name, id]) => [name, source(id)]))
  const needed = neededNodes(graph, Object.values(outputs), source)
  const nodes = graph.nodes.filter((node) => needed.has(node.id))
  const specs = specsOf(graph)
  const layers = nodes.map((node) =>
    layerOf(node, node.inputs.map(source), layerParameters(node, inputChannels(node, specs), weights)),
  )
  return { layers, outputs }
}

/** Of a node id: the node or graph input whose value it has. */
function identitySources(graph: Graph): (id: string) => string {
  const sources = new Map<string, string>()
  for (const node of graph.nodes) {
    const input = node.inputs[0]
    if (opFacts[node.op].inference === 'identity' && input !== undefined) sources.set(node.id, sources.get(input) ?? input)
  }
  return (id) => sources.get(id) ?? id
}

function neededNodes(graph: Graph, outputs: readonly string[], source: (id: string) => string): ReadonlySet<string> {
  const needed = new Set(outputs)
  const backwards: readonly GraphNode[] = graph.nodes.toReversed()
  for (const node of backwards) if (needed.has(node.id)) for (const input of node.inputs) needed.add(source(input))
  return needed
}

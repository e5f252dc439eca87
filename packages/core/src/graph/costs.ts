import type { Costs, Graph, GraphNode, TensorSpec } from '../contracts/index.js'
import { elementCount } from './infer-spec.js'
import { parametersOf } from './parameters.js'

const bytesPerValue = 4

/** What a graph costs to store and to run on one example, from its shapes alone. */
export function costsOf(graph: Graph): Costs {
  const specs = new Map<string, TensorSpec>([
    ...Object.entries(graph.inputs),
    ...graph.nodes.map((node) => [node.id, node] as const),
  ])
  const trainable = parametersOf(graph).filter((parameter) => !parameter.statistic)
  return {
    parameters: trainable.reduce((sum, { shape }) => sum + elementCount(shape), 0),
    macs: graph.nodes.reduce((sum, node) => sum + macsOf(node, specs.get(node.inputs[0] ?? '')), 0),
    peakMemoryBytes: bytesPerValue * peakValues(graph, specs),
  }
}

/** Multiply-adds of one node for one example; only convolutions and dense layers count. */
export function macsOf(node: GraphNode, input: TensorSpec | undefined): number {
  const outputs = elementCount(node.shape)
  const channels = input?.shape.at(-1) ?? 0
  switch (node.op) {
    case 'conv2d':
      return outputs * node.attributes.kernel[0] * node.attributes.kernel[1] * channels
    case 'depthwiseConv2d':
      return outputs * node.attributes.kernel[0] * node.attributes.kernel[1]
    case 'dense':
      return outputs * channels
    default:
      return 0
  }
}

/** Most values alive at once when the nodes run in their order: each lives from its node to its last reader, outputs and inputs included. */
function peakValues(graph: Graph, specs: ReadonlyMap<string, TensorSpec>): number {
  const lastUse = new Map<string, number>()
  for (const [position, node] of graph.nodes.entries()) {
    lastUse.set(node.id, position)
    for (const input of node.inputs) lastUse.set(input, position)
  }
  for (const id of Object.values(graph.outputs)) lastUse.set(id, graph.nodes.length)
  const size = (name: string): number => elementCount(specs.get(name)!.shape)
  let alive = Object.keys(graph.inputs).reduce((sum, name) => sum + size(name), 0)
  let peak = alive
  for (const [position, node] of graph.nodes.entries()) {
    alive += size(node.id)
    peak = Math.max(peak, alive)
    for (const name of new Set([node.id, ...node.inputs])) if (lastUse.get(name) === position) alive -= size(name)
  }
  return peak
}

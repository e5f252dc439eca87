import type { Graph, GraphNode, TensorSpec } from '../contracts/index.js'

export type Specs = ReadonlyMap<string, TensorSpec>

/** What every value of a graph is, by the name of its input or node. */
export function specsOf(graph: Graph): Specs {
  return new Map<string, TensorSpec>([...Object.entries(graph.inputs), ...graph.nodes.map((node) => [node.id, node] as const)])
}

/** Length of the last axis of a node's first operand, by which its parameters and its work go; 0 where there is none. */
export function inputChannels({ inputs }: Pick<GraphNode, 'inputs'>, specs: Specs): number {
  return specs.get(inputs[0] ?? '')?.shape.at(-1) ?? 0
}

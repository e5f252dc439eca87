import type { Graph, Hash } from '../contracts/index.js'
import { hashJson } from '../files/index.js'

/**
 * Identity of a structure: two graphs that compute the same way have the same hash whatever their nodes are called and wherever they come
 * from. Names of inputs and outputs count; node ids become positions; origins and initializers do not count.
 */
export function graphHash(graph: Graph): Hash {
  const positions = new Map(graph.nodes.map((node, position) => [node.id, position] as const))
  const reference = (name: string): number | string => positions.get(name) ?? name
  return hashJson({
    inputs: graph.inputs,
    nodes: graph.nodes.map(({ op, inputs, attributes, shape, dtype, batched }) => ({
      op,
      inputs: inputs.map(reference),
      attributes,
      shape,
      dtype,
      batched,
    })),
    outputs: Object.fromEntries(Object.entries(graph.outputs).map(([name, id]) => [name, reference(id)])),
  })
}

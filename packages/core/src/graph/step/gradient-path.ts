import type { Graph, GraphNode } from '../../contracts/index.js'
import { opFacts } from '../ops/op-facts.js'

/** Inputs of a node through which a gradient may flow. */
export function openInputs(node: GraphNode): readonly string[] {
  const { gradient } = opFacts[node.op]
  switch (gradient) {
    case 'all':
      return node.inputs
    case 'behindMask':
      return node.inputs.slice(1)
    case 'none':
      return []
    default:
      return gradient satisfies never
  }
}

/**
 * Ids of the nodes that lie on a path from a trainable parameter to `loss`: those that need a gradient.
 * @param trains whether a node holds a parameter that the optimizer changes
 */
export function gradientPath(graph: Graph, loss: string, trains: (node: GraphNode) => boolean): ReadonlySet<string> {
  const fromParameter = new Set<string>()
  for (const node of graph.nodes) {
    if (trains(node) || openInputs(node).some((id) => fromParameter.has(id))) fromParameter.add(node.id)
  }
  const toLoss = new Set([loss])
  for (const node of graph.nodes.toReversed()) {
    if (toLoss.has(node.id)) for (const id of openInputs(node)) toLoss.add(id)
  }
  return new Set([...fromParameter].filter((id) => toLoss.has(id)))
}

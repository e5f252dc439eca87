import type { Graph, GraphNode } from '@mnas/core/contracts'
import type { Composite } from '../fast/composite.js'
import { Nodes } from './nodes.js'
import { patterns } from './patterns.js'

/** What is run and differentiated as one: a node by itself, or a composite that stands for several. */
export type Step =
  | { readonly kind: 'node'; readonly node: GraphNode }
  | { readonly kind: 'composite'; readonly composite: Composite }

/** The standard mode: every node stands for itself. */
export function singleSteps(graph: Graph): readonly Step[] {
  return graph.nodes.map((node) => ({ kind: 'node', node }))
}

/**
 * The fast mode: groups of nodes are replaced by composites that have one joint, faster gradient. A composite never swallows a node that is
 * an output or has several readers; what no composite covers stands for itself.
 */
export function compositeSteps(graph: Graph): readonly Step[] {
  const nodes = new Nodes(graph)
  const swallowed = new Set<string>()
  const steps: Step[] = []
  for (const node of graph.nodes.toReversed()) {
    if (swallowed.has(node.id)) continue
    const composite = firstMatch(nodes, node)
    for (const id of composite?.nodes ?? []) swallowed.add(id)
    steps.push(composite ? { kind: 'composite', composite } : { kind: 'node', node })
  }
  return steps.reverse()
}

function firstMatch(nodes: Nodes, node: GraphNode): Composite | null {
  for (const pattern of patterns) {
    const composite = pattern(nodes, node)
    if (composite) return composite
  }
  return null
}

import type { Graph } from '@mnas/core/contracts'

/**
 * Replaces groups of nodes by composites that have one joint, faster gradient, before differentiation. The standard mode has none: every node
 * stands for itself. A composite may never swallow a node that is an output, is tapped, or has several readers.
 */
export function rewrite(graph: Graph): Graph {
  return graph
}

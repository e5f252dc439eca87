import type { Graph } from '../../contracts/index.js'
import { contractErrors, type MnasError } from '../../errors/index.js'
import { gradientPath } from './gradient-path.js'

/**
 * Ids of the nodes that need a gradient in a training of model and objective.
 * @param trained names of the parameters that the optimizer changes
 * @throws MNAS_ENGINE_NO_GRADIENT when there are some and none of them reaches `loss`
 */
export function trainingPath(graph: Graph, trained: ReadonlySet<string>): ReadonlySet<string> {
  const loss = graph.outputs['loss']!
  const nodes = new Set([...trained].map((name) => name.slice(0, name.lastIndexOf('.'))))
  const path = gradientPath(graph, loss, ({ id }) => nodes.has(id))
  if (nodes.size > 0 && !path.has(loss)) throw noGradient(graph, loss)
  return path
}

/** That a node on the path has none. @param id a node or graph input */
export function noGradient(graph: Graph, id: string): MnasError {
  const op = graph.nodes.find((node) => node.id === id)?.op ?? 'input'
  return contractErrors.MNAS_ENGINE_NO_GRADIENT({ node: id, op })
}

import type { Graph } from '../contracts/index.js'
import { contractErrors } from '../errors/index.js'

/** The graph with only the named outputs; default: all. What a request to export names. @throws MNAS_EXPORT_OUTPUT */
export function withOutputs(graph: Graph, names: readonly string[] = Object.keys(graph.outputs)): Graph {
  const known = Object.keys(graph.outputs)
  if (names.length === 0) throw contractErrors.MNAS_EXPORT_OUTPUT({ name: null, known })
  const outputs = names.map((name) => {
    const id = graph.outputs[name]
    if (id === undefined) throw contractErrors.MNAS_EXPORT_OUTPUT({ name, known })
    return [name, id] as const
  })
  return { ...graph, outputs: Object.fromEntries(outputs) }
}

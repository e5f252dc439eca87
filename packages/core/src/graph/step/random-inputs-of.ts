import type { Graph, TrainingSession } from '../../contracts/index.js'

/** The dropout nodes of a graph as the inputs of a training step, which the training loop fills. */
export function randomInputsOf(graph: Graph): TrainingSession['randomInputs'] {
  const entries = graph.nodes.flatMap((node) => {
    if (node.op !== 'dropout') return []
    return [[node.id, { shape: node.shape, dtype: node.dtype, batched: node.batched, rate: node.attributes.rate }] as const]
  })
  return Object.fromEntries(entries)
}

import type { FileTensor, Graph, TensorSpec } from '../contracts/index.js'
import { specsOf } from './specs-of.js'

/** Inputs and outputs of a file that computes a graph in float32. @param batch rows that it takes; −1 = any */
export function fileTensors(
  graph: Graph,
  batch: number,
): { readonly inputs: readonly FileTensor[]; readonly outputs: readonly FileTensor[] } {
  const specs = specsOf(graph)
  const tensor = (name: string, { shape, dtype, batched }: TensorSpec): FileTensor => {
    return { name, shape: batched ? [batch, ...shape] : shape, dtype, affine: null }
  }
  return {
    inputs: Object.entries(graph.inputs).map(([name, spec]) => tensor(name, spec)),
    outputs: Object.entries(graph.outputs).map(([name, id]) => tensor(name, specs.get(id)!)),
  }
}

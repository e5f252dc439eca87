import type { Batch, Tensors } from '../../contracts/index.js'

/** One image of a batch, as a batch of 1: its inputs, targets and truth. */
export type Example = Pick<Batch, 'inputs' | 'truth'>

/** The examples of a batch that are no padding. */
export function examplesOf({ inputs, truth, examples }: Pick<Batch, 'inputs' | 'truth' | 'examples'>): readonly Example[] {
  return examples.flatMap((example, row) => {
    if (example < 0) return []
    const rows = rowOf(inputs, row, examples.length)
    return [{ inputs: rows, ...(truth && { truth: [truth[row] ?? null] }) }]
  })
}

/** @param rows of the batch; what has another number of them belongs to the whole batch and stays */
export function rowOf(tensors: Tensors, row: number, rows: number): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      const { dtype, shape, data } = tensor
      if (shape[0] !== rows) return [name, tensor]
      const length = data.length / rows
      return [name, { dtype, shape: [1, ...shape.slice(1)], data: data.slice(row * length, (row + 1) * length) }]
    }),
  )
}

export const picked = (tensors: Tensors, names: readonly string[]): Tensors =>
  Object.fromEntries(names.flatMap((name) => (tensors[name] ? [[name, tensors[name]]] : [])))

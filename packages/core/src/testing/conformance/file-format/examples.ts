import type { Tensors } from '../../../contracts/index.js'

/** The rows of a batch one by one, each with a batch of 1. */
export async function* examples(inputs: Tensors): AsyncIterable<Tensors> {
  const batch = Object.values(inputs)[0]!.shape[0]!
  for (let n = 0; n < batch; n++) {
    yield Object.fromEntries(
      Object.entries(inputs).map(([name, tensor]) => {
        const size = tensor.data.length / batch
        const data = tensor.data.slice(n * size, (n + 1) * size)
        return [name, { ...tensor, shape: [1, ...tensor.shape.slice(1)], data }] as const
      }),
    )
  }
}

import type { FileTensor, ModelRuntime, Tensors } from '@mnas/core/contracts'

const shape = [1, 8]
const tensor = (name: string): FileTensor => ({ name, shape, dtype: 'float32', affine: null })
export const inputs = [tensor('image')]
export const outputs = [tensor('scores')]

/** A runtime that takes any file: its outputs are half its inputs, and each run takes ten milliseconds by its own account. */
export function fakeRuntime(changes: Partial<ModelRuntime> = {}): ModelRuntime {
  return {
    name: 'litert',
    format: 'tflite',
    available: async () => ({ name: 'fake', version: '1', sha256: 'ab'.repeat(32) }),
    describe: async () => ({ inputs, outputs }),
    async *run(_file, elements) {
      for await (const { image } of elements)
        yield { scores: { ...image!, data: image!.data.map((value) => value / 2) } } as Tensors
    },
    timeMs: async (_file, { runs }, { signal }) => {
      signal.throwIfAborted()
      return Array<number>(runs).fill(10)
    },
    ...changes,
  }
}

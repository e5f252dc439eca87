import type { Tensor as LiteRtTensor } from '@litertjs/core'
import type { FileTensor } from '@mnas/core/contracts'
import { tfliteErrors } from '../../errors.js'
import { type LoadedModel, ModelRefused } from '../loaded-model.js'
import type { ModelBytes } from '../read-model-file.js'
import type { LiteRtJsModule, LoadedLiteRtJs } from './litert-js-library.js'

/** The types that LiteRT.js hands over. */
const arrays = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array } as const
type Known = keyof typeof arrays

/** Loads a model for WebAssembly. What a refused model took is not freed: its process ends. @throws ModelRefused, MNAS_RUNTIME_TYPE */
export async function loadLiteRtJsModel(
  { module, runtime }: LoadedLiteRtJs,
  { bytes, inputs, outputs }: ModelBytes,
  file: string,
): Promise<LoadedModel> {
  for (const tensor of [...inputs, ...outputs]) requireKnown(file, tensor)
  const model = await refusing(() => runtime.loadAndCompile(bytes, { accelerator: 'wasm' }))
  let fed: Record<string, LiteRtTensor> = {}
  let results: Record<string, LiteRtTensor> = {}
  return {
    feed(tensors) {
      release(fed)
      fed = Object.fromEntries(inputs.map((input) => [input.name, tensorOf(module, input, tensors[input.name]!)]))
    },
    async invoke() {
      release(results)
      results = await refusing(() => model.run(fed))
    },
    outputs: () => Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, bytesOf(tensor)])),
    close() {
      release(fed)
      release(results)
      model.delete()
    },
  }
}

function requireKnown(file: string, { name, dtype }: FileTensor): void {
  if (dtype in arrays) return
  const expected = Object.keys(arrays)
  throw tfliteErrors.MNAS_RUNTIME_TYPE({ runtime: 'litert-js', file, tensor: name, expected, received: dtype })
}

function tensorOf(module: LiteRtJsModule, { dtype, shape }: FileTensor, bytes: Uint8Array): LiteRtTensor {
  const data = new arrays[dtype as Known](bytes.slice().buffer)
  return new module.Tensor(data, [...shape])
}

function release(tensors: Record<string, LiteRtTensor>): void {
  for (const tensor of Object.values(tensors)) tensor.delete()
}

function bytesOf(tensor: LiteRtTensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = tensor.toTypedArray()
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** What LiteRT.js throws at a model (also numbers: addresses of C++ exceptions) is the model's fault. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new ModelRefused(`LiteRT.js says ${error instanceof Error ? error.message.split('\n')[0] : `exception ${error}`}`)
  }
}

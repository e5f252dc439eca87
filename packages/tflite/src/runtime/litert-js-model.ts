import type { Tensor as LiteRtTensor } from '@litertjs/core'
import type { Tensor, Tensors } from '@mnas/core/contracts'
import type { LiteRtJsModule, LoadedLiteRtJs } from './litert-js-library.js'
import { type LoadedModel, ModelRefused } from './loaded-model.js'

/** Loads a model for WebAssembly. Nothing but the tensors of a run is ever freed: one process holds one model. @throws ModelRefused */
export async function loadLiteRtJsModel({ module, runtime }: LoadedLiteRtJs, bytes: Uint8Array): Promise<LoadedModel> {
  const model = await refusing(() => runtime.loadAndCompile(bytes, { accelerator: 'wasm' }))
  const details = await refusing(async () => model.getInputDetails())
  let fed: Record<string, LiteRtTensor> = {}
  let results: Record<string, LiteRtTensor> = {}
  return {
    inputs: Object.fromEntries(details.map(({ name, dtype, shape }) => [name, { dtype, shape: [...shape] }])),
    feed(inputs: Tensors) {
      release(fed)
      fed = Object.fromEntries(details.map(({ name }) => [name, tensorOf(module, inputs[name]!)]))
    },
    async invoke() {
      release(results)
      results = await refusing(() => model.run(fed))
    },
    outputs: () => Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, copyOf(tensor)])),
  }
}

function tensorOf(module: LiteRtJsModule, { data, shape }: Tensor): LiteRtTensor {
  // LiteRT.js types its arrays as not shared. It copies them, so that either kind will do.
  return new module.Tensor(data as Float32Array<ArrayBuffer>, [...shape])
}

function release(tensors: Record<string, LiteRtTensor>): void {
  for (const tensor of Object.values(tensors)) tensor.delete()
}

function copyOf(tensor: LiteRtTensor): Tensor {
  const { dtype, layout } = tensor.type
  return { dtype, shape: [...layout.dimensions], data: tensor.toTypedArray().slice() }
}

/** What LiteRT.js throws at a model (also numbers: addresses of C++ exceptions) is the model's fault. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new ModelRefused(`LiteRT.js says ${error instanceof Error ? error.message.split('\n')[0] : `exception ${error}`}`)
  }
}

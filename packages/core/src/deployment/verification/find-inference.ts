import type { Device, ModelRuntime, RuntimeInfo, Surroundings, Tensors } from '../../contracts/index.js'
import { type Normalization, renormalize } from '../../graph/index.js'
import { startRuntime } from '../../measurement/index.js'
import type { Registry } from '../../plugins/index.js'
import { withRealValues } from './real-values.js'
import type { Infer } from './verify-files.js'

/** What runs files, until it is closed. */
export interface Inference {
  readonly infer: Infer
  /** What answers. */
  readonly runtime: Pick<RuntimeInfo, 'name' | 'version'>
  close(): Promise<void>
}

/** How to run files, with numbers that stand for themselves on both sides: on the device itself, else by a runtime of this computer that knows the format, else not at all (null). */
export async function findInference(
  registry: Registry,
  device: Device,
  format: string,
  around: Surroundings,
): Promise<Inference | null> {
  if (device.infer) {
    const { runtime } = await device.describe()
    return { infer: withRealValues(device.infer.bind(device)), runtime, close: async () => undefined }
  }
  const found = await availableRuntime(registry, format, around)
  if (!found) return null
  const { run, close } = startRuntime(found.runtime, around)
  return { infer: withRealValues(run), runtime: found.info, close }
}

/** The first runtime of this computer that runs a format, or null. */
export async function findRuntime(registry: Registry, format: string, around: Surroundings): Promise<ModelRuntime | null> {
  return (await availableRuntime(registry, format, around))?.runtime ?? null
}

async function availableRuntime(registry: Registry, format: string, around: Surroundings) {
  for (const name of registry.names('runtime')) {
    const runtime = await registry.get('runtime', name)
    if (runtime.format !== format) continue
    const info = await runtime.available(around)
    if (!('code' in info)) return { runtime, info }
  }
  return null
}

/** The same for inputs as the model takes them: pixels that the file wants normalised otherwise are brought to that on the way. */
export function forInputsOf(model: Normalization, infer: Infer): Infer {
  return (file, inputs) => infer(file, asFileTakes(inputs, model, file.preprocessing ?? model))
}

async function* asFileTakes(inputs: AsyncIterable<Tensors>, from: Normalization, to: Normalization): AsyncGenerator<Tensors> {
  for await (const tensors of inputs) yield renormalize(tensors, from, to)
}

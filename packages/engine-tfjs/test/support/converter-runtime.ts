import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { FileTensor, ModelRuntime, Tensors } from '@mnas/core/contracts'
import type * as Converter from '@tensorflow/tfjs-converter'
import type * as Core from '@tensorflow/tfjs-core'

const require = createRequire(import.meta.url)
const tf: typeof Core = require('@tensorflow/tfjs-core')
tf.env().set('PROD', true)
require('@tensorflow/tfjs-backend-cpu')
const converter: typeof Converter = require('@tensorflow/tfjs-converter')

type Entries = Readonly<Record<string, { readonly tensorShape: { readonly dim: readonly { readonly size: string }[] } }>>
interface Signature {
  readonly inputs: Entries
  readonly outputs: Entries
}

/** How TensorFlow's own loader reads a graph model from a folder. */
export async function loadModel(folder: string): Promise<Converter.GraphModel> {
  const json: Core.io.ModelJSON = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'))
  const weights = async (manifest: Core.io.WeightsManifestConfig): Promise<[Core.io.WeightsManifestEntry[], ArrayBuffer]> => {
    const parts = await Promise.all(manifest.flatMap(({ paths }) => paths).map((path) => readFile(join(folder, path))))
    const whole = Buffer.concat(parts)
    return [manifest.flatMap((group) => group.weights), whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length)]
  }
  return converter.loadGraphModel({ load: () => tf.io.getModelArtifactsForJSON(json, weights) })
}

/** Runs a loaded model on a batch. @returns outputs by signature name */
export async function execute(model: Converter.GraphModel, inputs: Tensors): Promise<Tensors> {
  await tf.setBackend('cpu')
  const { outputs } = model.modelSignature as { outputs: Record<string, { name: string }> }
  const names = Object.keys(outputs)
  const feeds = Object.entries(inputs).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape], 'float32')] as const)
  const nodes = names.map((name) => outputs[name]!.name)
  const results = model.execute(Object.fromEntries(feeds), nodes) as Core.Tensor | Core.Tensor[]
  return Object.fromEntries(
    [results].flat().map((tensor, i) => {
      return [names[i]!, { dtype: 'float32', shape: tensor.shape, data: Float32Array.from(tensor.dataSync()) }] as const
    }),
  )
}

/** @tensorflow/tfjs-converter on the pure JavaScript backend as a runtime of the format. */
export const converterRuntime: ModelRuntime = {
  name: 'tfjs-converter',
  format: 'tfjs',
  available: async () => ({ name: 'tfjs-converter', version: converter.version_converter, sha256: '' }),
  async describe({ path }) {
    const { inputs, outputs } = JSON.parse(await readFile(join(path, 'model.json'), 'utf8')).signature as Signature
    const tensors = (entries: Signature['inputs']): FileTensor[] =>
      Object.entries(entries).map(([name, { tensorShape }]) => {
        const shape = tensorShape.dim.map(({ size }) => (size === '-1' ? 1 : Number(size)))
        return { name, shape, dtype: 'float32', affine: null }
      })
    return { inputs: tensors(inputs), outputs: tensors(outputs) }
  },
  async *run({ path }, inputs) {
    const model = await loadModel(path)
    for await (const example of inputs) yield await execute(model, example)
    model.dispose()
  },
  async timeMs() {
    throw new Error('only its values are of interest here')
  },
}

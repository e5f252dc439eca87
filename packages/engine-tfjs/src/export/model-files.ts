import type { Preprocessing } from '@mnas/core/contracts'
import type { Weight } from './graph-builder.js'
import type { GraphModel } from './lower-graph.js'
import { programFile } from './post-processing/postprocess-file.js'

/** As the official converter cuts weights: browsers keep files of at most this size in their cache. */
const shardBytes = 4 * 2 ** 20

/** TensorFlow's version of the GraphDef format in which every op written here is known. */
const graphVersions = { producer: 1645, minConsumer: 12 } as const

/** What an app needs beside the model: `model.metadata` of a loaded one. */
export interface ModelMetadata {
  readonly name: string
  /** By class index; left out where nobody has named the classes. */
  readonly labels?: readonly string[]
  /** How a photo becomes the input. */
  readonly preprocessing: Preprocessing
}

/** The files of a graph model by name: `model.json` and its weights, `group1-shard1of2.bin` … */
export function modelFiles(model: GraphModel, metadata: ModelMetadata): ReadonlyMap<string, Uint8Array> {
  const shards = cut(bytesOf(model.weights))
  const paths = shards.map((_, i) => `group1-shard${i + 1}of${shards.length}.bin`)
  const json = {
    format: 'graph-model',
    generatedBy: 'mnas',
    convertedBy: null,
    userDefinedMetadata: metadata,
    signature: model.signature,
    modelTopology: { node: model.nodes, library: {}, versions: graphVersions },
    weightsManifest: [{ paths, weights: model.weights.map(specOf) }],
  }
  return new Map([
    ['model.json', new TextEncoder().encode(JSON.stringify(json))],
    ...paths.map((path, i) => [path, shards[i]!] as const),
  ])
}

/** Whether a file of that name belongs to a graph model, or to what is written beside one. */
export const isModelFile = (name: string): boolean =>
  name === 'model.json' || name === programFile || /^group1-shard\d+of\d+\.bin$/.test(name)

const specOf = ({ name, shape, data }: Weight) => ({ name, shape, dtype: data instanceof Float32Array ? 'float32' : 'int32' })

/** End to end, little-endian. */
function bytesOf(weights: readonly Weight[]): Uint8Array {
  const bytes = new Uint8Array(weights.reduce((sum, { data }) => sum + data.byteLength, 0))
  const view = new DataView(bytes.buffer)
  let position = 0
  for (const { data } of weights) {
    const write = data instanceof Float32Array ? view.setFloat32.bind(view) : view.setInt32.bind(view)
    for (const value of data) {
      write(position, value, true)
      position += 4
    }
  }
  return bytes
}

/** At least one piece. */
function cut(bytes: Uint8Array): readonly Uint8Array[] {
  const count = Math.max(1, Math.ceil(bytes.length / shardBytes))
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * shardBytes, (i + 1) * shardBytes))
}

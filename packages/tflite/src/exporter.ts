import type { Exporter, ExportRequest, ModelFile } from '@mnas/core/contracts'
import { hashBytes, writeAtomic } from '@mnas/core/files'
import { exportableOps, graphHash, structureHash, withOutputs } from '@mnas/core/graph'
import { nearestFile } from './calibration/nearest-file.js'
import { candidatesFor, type RecipeRequest } from './calibration/recipe.js'
import { modelTensors } from './flatbuffer/model-tensors.js'
import { fileLayers, lowerLayers } from './lowering/lower-layers.js'
import { type ExportOptions, exportOptionsSchema } from './options.js'

/** `.tflite` files for a batch of 1, signature `serving_default` with the graph's input and output names. */
const exporter: Exporter = {
  format: 'tflite',
  version: '1',
  ops: exportableOps,
  precisions: ['float32', 'float16', 'weights', 'dynamic', 'int8'],
  options: exportOptionsSchema,
  write,
}
export default exporter

async function write({
  graph: whole,
  weights,
  path,
  precision,
  outputs,
  options,
  calibration,
}: ExportRequest): Promise<ModelFile> {
  const graph = withOutputs(whole, outputs)
  const { io, densePerChannel } = options as unknown as ExportOptions
  const request: RecipeRequest = {
    ...{ precision, io, densePerChannel, calibration },
    inputs: Object.keys(graph.inputs),
    layers: fileLayers(graph, weights),
    lower: (layers) => lowerLayers(graph, layers),
  }
  const { model, bytes, recipe } = await nearestFile(await candidatesFor(request), calibration, path)
  await writeAtomic(path, bytes)
  const hash = graphHash(graph)
  return {
    format: exporter.format,
    precision,
    path,
    sizeBytes: bytes.length,
    sha256: hashBytes(bytes),
    structure: structureHash({ graphHash: hash, exporter, precision, options: precision === 'int8' ? options : {} }),
    graphHash: hash,
    ...(recipe && { recipe }),
    ...modelTensors(model),
  }
}

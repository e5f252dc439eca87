import type { Exporter, ExportRequest, ModelFile } from '@mnas/core/contracts'
import { hashBytes, writeAtomic } from '@mnas/core/files'
import { exportableOps, graphHash, structureHash, withOutputs } from '@mnas/core/graph'
import { layerDistances } from './calibration/layer-distances.js'
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
  layerDistances: (request, recipe, report) => layerDistances(recipeRequest(request), request.path, recipe, report),
}
export default exporter

function recipeRequest({ graph: whole, weights, precision, outputs, options, calibration }: ExportRequest): RecipeRequest {
  const graph = withOutputs(whole, outputs)
  const { io, densePerChannel } = options as unknown as ExportOptions
  return {
    ...{ precision, io, densePerChannel, calibration },
    inputs: Object.keys(graph.inputs),
    layers: fileLayers(graph, weights),
    lower: (layers) => lowerLayers(graph, layers),
  }
}

async function write(request: ExportRequest): Promise<ModelFile> {
  const { path, precision, options, calibration } = request
  const { model, bytes, recipe } = await nearestFile(await candidatesFor(recipeRequest(request)), calibration, path)
  await writeAtomic(path, bytes)
  const hash = graphHash(withOutputs(request.graph, request.outputs))
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

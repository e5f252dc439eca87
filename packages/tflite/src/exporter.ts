import { basename } from 'node:path'
import type { Exporter, ExportRequest, Graph, JsonObject, ModelFile, Preprocessing } from '@mnas/core/contracts'
import { hashBytes, writeAtomic } from '@mnas/core/files'
import { exportableOps, graphHash, structureHash, withNormalization, withOutputs } from '@mnas/core/graph'
import { type CandidateRequest, candidatesFor } from './calibration/candidates.js'
import { fileCalibration } from './calibration/file-calibration.js'
import { layerDistances } from './calibration/layer-distances.js'
import { nearestFile, type Trial } from './calibration/nearest-file.js'
import { liteRtExample } from './clients/litert-example.js'
import { mediaPipeExample } from './clients/mediapipe-example.js'
import { objectDetectorExamples } from './clients/object-detector-examples.js'
import type { TfliteModel } from './flatbuffer/model.js'
import { modelTensors } from './flatbuffer/model-tensors.js'
import { writeModel } from './flatbuffer/write-model.js'
import { fileLayers, lowerLayers } from './lowering/lower-layers.js'
import { postProcessingOperators, withPostProcessing } from './lowering/with-post-processing.js'
import { appendFiles } from './metadata/append-files.js'
import { type About, describeModel } from './metadata/describe-model.js'
import { fileNormalization } from './metadata/file-normalization.js'
import { labelFiles } from './metadata/label-file.js'
import { metadataEntry } from './metadata/metadata-schema.js'
import { pixelRanges } from './metadata/pixel-ranges.js'
import { writeMetadata } from './metadata/write-metadata.js'
import { type ExportOptions, exportOptionsSchema } from './options.js'

/**
 * `.tflite` files for a batch of 1, signature `serving_default` with the graph's input and output names. They say how their pixels are normalised
 * and what their classes are called, and take pixels that are normalised alike in all channels, whatever the model takes. An operator behind the
 * graph is the same in every precision.
 */
const exporter: Exporter = {
  format: 'tflite',
  version: '1',
  ops: exportableOps,
  precisions: ['float32', 'float16', 'weights', 'dynamic', 'int8'],
  postProcessing: postProcessingOperators,
  options: exportOptionsSchema,
  write,
  layerDistances: (request, recipe, report) => {
    const { asked, trial } = planOf(request)
    return layerDistances(asked, trial, recipe, report)
  },
  clients: (file) => [...mediaPipeExample(file), ...objectDetectorExamples(file), ...liteRtExample(file)],
}
export default exporter

/** What a request comes to: the graph of the file, how it takes its pixels, and what is asked for its numbers. */
interface Plan {
  readonly model: Graph
  /** The same for pixels as the file takes them. */
  readonly graph: Graph
  /** Of the file. */
  readonly preprocessing: Preprocessing
  readonly asked: CandidateRequest
  readonly trial: Trial
}

function planOf(request: ExportRequest): Plan {
  const { weights, path, precision, calibration } = request
  const { io, densePerChannel } = request.options as unknown as ExportOptions
  const model = withOutputs(request.graph, request.outputs)
  const preprocessing = { ...request.preprocessing, ...fileNormalization(request.preprocessing) }
  const rewritten = withNormalization(model, preprocessing, request.preprocessing)
  const { graph } = rewritten
  const seen = { ...rewritten, model, from: preprocessing, to: request.preprocessing }
  const asked: CandidateRequest = {
    ...{ precision, io, densePerChannel },
    outputs: outputsOf(request),
    calibration: calibration && fileCalibration(calibration, seen),
    inputs: Object.keys(graph.inputs),
    pixels: pixelRanges(graph, preprocessing),
    layers: fileLayers(graph, weights),
    lower: (layers) => lowerLayers(graph, layers),
  }
  return { model, graph, preprocessing, asked, trial: { name: basename(path), preprocessing } }
}

/** Of the graph: of float where an operator reads them, or somebody who compares with such a file. */
function outputsOf({ options, postProcessing, realOutputs }: ExportRequest): CandidateRequest['outputs'] {
  const { io } = options as unknown as ExportOptions
  return postProcessing || realOutputs ? 'float' : io
}

/** Of an int8 file, what moves its time. An operator behind the graph says by itself that floats go into it. */
function movingOptions(request: ExportRequest): JsonObject {
  const { license: _, ...moving } = request.options as unknown as ExportOptions
  const outputs = outputsOf(request)
  return { ...moving, ...(!request.postProcessing && outputs !== moving.io && { outputs }) }
}

async function write(request: ExportRequest): Promise<ModelFile> {
  const { name, labels, path, precision, postProcessing } = request
  const { license } = request.options as unknown as ExportOptions
  const { model: whole, graph, preprocessing, asked, trial } = planOf(request)
  const files = labelFiles(graph, labels, postProcessing)
  const { model: plain, recipe } = await nearestFile(await candidatesFor(asked), asked.calibration, trial)
  const model = postProcessing ? withPostProcessing(plain, postProcessing) : plain
  const about = { name, graph, postProcessing, labels, preprocessing, license }
  const bytes = appendFiles(writeModel(described(model, about)), files)
  await writeAtomic(path, bytes)
  return {
    format: exporter.format,
    precision,
    path,
    sizeBytes: bytes.length,
    sha256: hashBytes(bytes),
    structure: structureHash({
      ...{ graphHash: graphHash(graph), exporter, precision },
      options: precision === 'int8' ? movingOptions(request) : {},
      postProcessing,
    }),
    graphHash: graphHash(whole),
    ...(recipe && { recipe }),
    ...modelTensors(model),
    preprocessing,
  }
}

function described(model: TfliteModel, about: About): TfliteModel {
  const data = writeMetadata(describeModel(model, about))
  return { ...model, metadata: [...model.metadata, { name: metadataEntry, data }] }
}

import type { Calibration, Exporter, ExportRequest, ModelFile } from '@mnas/core/contracts'
import { hashBytes, writeAtomic } from '@mnas/core/files'
import { exportableOps, graphHash, structureHash, withNormalization, withOutputs } from '@mnas/core/graph'
import { fileCalibration } from './calibration/file-calibration.js'
import { nearestFile } from './calibration/nearest-file.js'
import { candidatesFor } from './calibration/recipe.js'
import { clients } from './clients/litert-example.js'
import type { TfliteModel } from './flatbuffer/model.js'
import { modelTensors } from './flatbuffer/model-tensors.js'
import { writeModel } from './flatbuffer/write-model.js'
import { fileLayers, lowerLayers } from './lowering/lower-layers.js'
import { appendFiles } from './metadata/append-files.js'
import { type About, describeModel } from './metadata/describe-model.js'
import { labelFiles } from './metadata/label-file.js'
import { metadataEntry } from './metadata/metadata-schema.js'
import { fileNormalization } from './metadata/model-description.js'
import { pixelRanges } from './metadata/pixel-ranges.js'
import { writeMetadata } from './metadata/write-metadata.js'
import { type ExportOptions, exportOptionsSchema } from './options.js'

/**
 * `.tflite` files for a batch of 1, signature `serving_default` with the graph's input and output names. They say how their pixels are normalised
 * and what their classes are called, and take pixels that are normalised alike in all channels, whatever the model takes.
 */
const exporter: Exporter = {
  format: 'tflite',
  version: '1',
  ops: exportableOps,
  precisions: ['float32', 'float16', 'weights', 'dynamic', 'int8'],
  options: exportOptionsSchema,
  write,
  clients,
}
export default exporter

async function write(request: ExportRequest): Promise<ModelFile> {
  const { name, labels, path, precision } = request
  const { license, ...moving } = request.options as unknown as ExportOptions
  const asked = withOutputs(request.graph, request.outputs)
  const preprocessing = { ...request.preprocessing, ...fileNormalization(request.preprocessing) }
  const rewritten = withNormalization(asked, preprocessing, request.preprocessing)
  const { graph } = rewritten
  const files = labelFiles(graph, labels)
  const calibration =
    request.calibration &&
    fileCalibration(request.calibration, { ...rewritten, model: asked, from: preprocessing, to: request.preprocessing })
  const { model, recipe } = await chosenModel({ ...request, graph, preprocessing }, moving, calibration)
  const bytes = appendFiles(writeModel(described(model, { name, graph, labels, preprocessing, license })), files)
  await writeAtomic(path, bytes)
  return {
    format: exporter.format,
    precision,
    path,
    sizeBytes: bytes.length,
    sha256: hashBytes(bytes),
    structure: structureHash({
      ...{ graphHash: graphHash(graph), exporter, precision },
      options: precision === 'int8' ? { ...moving } : {},
    }),
    graphHash: graphHash(asked),
    ...(recipe && { recipe }),
    ...modelTensors(model),
    preprocessing,
  }
}

/** @param graph in `request`, with preprocessing: the file's */
async function chosenModel(
  { graph, weights, path, precision, preprocessing }: ExportRequest,
  { io, densePerChannel }: Omit<ExportOptions, 'license'>,
  calibration: Calibration | undefined,
) {
  const candidates = await candidatesFor({
    ...{ precision, io, densePerChannel, calibration },
    inputs: Object.keys(graph.inputs),
    pixels: pixelRanges(graph, preprocessing),
    layers: fileLayers(graph, weights),
    lower: (layers) => lowerLayers(graph, layers),
  })
  return nearestFile(candidates, calibration, { path: `${path}.trial`, preprocessing })
}

function described(model: TfliteModel, about: About): TfliteModel {
  const data = writeMetadata(describeModel(model, about))
  return { ...model, metadata: [...model.metadata, { name: metadataEntry, data }] }
}

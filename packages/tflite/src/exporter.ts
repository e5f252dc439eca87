import type { Exporter, ExportRequest, ModelFile } from '@mnas/core/contracts'
import { hashBytes, writeAtomic } from '@mnas/core/files'
import { exportableOps, fileTensors, graphHash, structureHash, withNormalization, withOutputs } from '@mnas/core/graph'
import { clients } from './clients/litert-example.js'
import { writeModel } from './flatbuffer/write-model.js'
import { lowerGraph } from './lowering/lower-graph.js'
import { appendFiles } from './metadata/append-files.js'
import { describeModel } from './metadata/describe-model.js'
import { metadataEntry } from './metadata/metadata-schema.js'
import { fileNormalization } from './metadata/model-description.js'
import { writeMetadata } from './metadata/write-metadata.js'
import { optionsSchema } from './options.js'

/**
 * Float32 `.tflite` files for a batch of 1, signature `serving_default` with the graph's input and output names. They say how their pixels are
 * normalised and what their classes are called, and take pixels that are normalised alike in all channels, whatever the model takes.
 */
const exporter: Exporter = {
  format: 'tflite',
  version: '1',
  ops: exportableOps,
  precisions: ['float32'],
  options: optionsSchema,
  write,
  clients,
}
export default exporter

async function write(request: ExportRequest): Promise<ModelFile> {
  const { weights, path, precision } = request
  const asked = withOutputs(request.graph, request.outputs)
  const preprocessing = { ...request.preprocessing, ...fileNormalization(request.preprocessing) }
  const graph = withNormalization(asked, preprocessing, request.preprocessing)
  const model = lowerGraph(graph, weights)
  const { license } = optionsSchema.parse(request.options)
  const { name, labels } = request
  const { description, files } = describeModel(model, { name, graph, labels, preprocessing, license })
  const metadata = [...model.metadata, { name: metadataEntry, data: writeMetadata(description) }]
  const bytes = appendFiles(writeModel({ ...model, metadata }), files)
  await writeAtomic(path, bytes)
  return {
    format: exporter.format,
    precision,
    path,
    sizeBytes: bytes.length,
    sha256: hashBytes(bytes),
    structure: structureHash({ graphHash: graphHash(graph), exporter, precision, options: {} }),
    graphHash: graphHash(asked),
    ...fileTensors(graph, 1),
    preprocessing,
  }
}

import { noOptions } from '@mnas/core/config'
import type { Exporter, ExportRequest, ModelFile } from '@mnas/core/contracts'
import { hashBytes, hashJson, writeFolder } from '@mnas/core/files'
import { exportableOps, fileTensors, graphHash, structureHash, withOutputs } from '@mnas/core/graph'
import { lowerGraph } from './lower-graph.js'
import { isModelFile, modelFiles } from './model-files.js'

/**
 * TensorFlow.js graph models: a folder with model.json and the weights, for any batch, loaded by `tf.loadGraphModel`. Inputs and outputs have the
 * graph's names; what an app needs beside them stands in `userDefinedMetadata`, which a loaded model shows as `model.metadata`.
 */
const exporter: Exporter = {
  format: 'tfjs',
  version: '1',
  ops: exportableOps,
  precisions: ['float32'],
  options: noOptions,
  write,
}
export default exporter

async function write(request: ExportRequest): Promise<ModelFile> {
  const { name, weights, path, precision, labels, preprocessing } = request
  const graph = withOutputs(request.graph, request.outputs)
  const files = modelFiles(lowerGraph(graph, weights), { name, ...(labels && { labels }), preprocessing })
  await writeFolder(path, files, isModelFile)
  const hash = graphHash(graph)
  return {
    format: exporter.format,
    precision,
    path,
    sizeBytes: [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0),
    sha256: hashJson(Object.fromEntries([...files].map(([file, bytes]) => [file, hashBytes(bytes)]))),
    structure: structureHash({ graphHash: hash, exporter, precision, options: {} }),
    graphHash: hash,
    ...fileTensors(graph, -1),
    preprocessing,
  }
}

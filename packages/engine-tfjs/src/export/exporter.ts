import { noOptions } from '@mnas/core/config'
import type { Exporter, ExportRequest, Graph, ModelFile } from '@mnas/core/contracts'
import { hashBytes, hashJson, writeFolder } from '@mnas/core/files'
import { exportableOps, fileTensors, graphHash, structureHash, withOutputs } from '@mnas/core/graph'
import { lowerGraph } from './lower-graph.js'
import { isModelFile, modelFiles } from './model-files.js'
import { postprocessFile, programFile, programOperators } from './post-processing/postprocess-file.js'

/**
 * TensorFlow.js graph models: a folder with model.json and the weights, for any batch, loaded by `tf.loadGraphModel`. Inputs and outputs have the
 * graph's names; what an app needs beside them stands in `userDefinedMetadata`, which a loaded model shows as `model.metadata`. Of an operator
 * behind the graph there is a program beside it, `postprocess.js`.
 */
const exporter: Exporter = {
  format: 'tfjs',
  version: '1',
  ops: exportableOps,
  precisions: ['float32'],
  programs: programOperators,
  options: noOptions,
  write,
}
export default exporter

const encode = (text: string) => new TextEncoder().encode(text)

/** Of the one photo that graphs with an operator behind them take. */
const inputSizeOf = ({ inputs }: Graph) => Object.values(inputs)[0]!.shape[0]!

async function write(request: ExportRequest): Promise<ModelFile> {
  const { name, weights, path, precision, labels, preprocessing, postProcessing } = request
  const graph = withOutputs(request.graph, request.outputs)
  const model = modelFiles(lowerGraph(graph, weights), { name, ...(labels && { labels }), preprocessing })
  const files = new Map(model)
  if (postProcessing) files.set(programFile, encode(await postprocessFile(postProcessing, request, inputSizeOf(graph))))
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

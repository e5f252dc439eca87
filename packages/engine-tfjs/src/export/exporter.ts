import type { Exporter, ExportRequest, ModelFile } from '@mnas/core/contracts'
import { contractErrors } from '@mnas/core/errors'
import { hashBytes, hashJson, writeFolder } from '@mnas/core/files'
import { exportableOps, graphHash, withOutputs } from '@mnas/core/graph'
import { lowerGraph } from './lower-graph.js'
import { isModelFile, modelFiles } from './model-files.js'

const format = 'tfjs'
/** Changes whenever the same graph gives another structure: a latency measured before is then measured again. */
const version = '1'

/**
 * TensorFlow.js graph models: a folder with model.json and the weights, for any batch, loaded by `tf.loadGraphModel`. Inputs and outputs have the
 * graph's names. No options.
 * @throws MNAS_EXPORT_OP, MNAS_EXPORT_WEIGHTS, MNAS_EXPORT_OUTPUT, MNAS_EXPORT_OPTION, MNAS_FILE_WRITE
 */
const exporter: Exporter = { format, version, ops: exportableOps, write }
export default exporter

async function write({ graph: whole, weights, path, options, outputs }: ExportRequest): Promise<ModelFile> {
  const [option] = Object.keys(options)
  if (option !== undefined) throw contractErrors.MNAS_EXPORT_OPTION({ format, option, known: [] })
  const graph = withOutputs(whole, outputs)
  const files = modelFiles(lowerGraph(graph, weights))
  await writeFolder(path, files, isModelFile)
  const hash = graphHash(graph)
  return {
    format,
    path,
    sizeBytes: [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0),
    sha256: hashJson(Object.fromEntries([...files].map(([name, bytes]) => [name, hashBytes(bytes)]))),
    structure: hashJson({ graphHash: hash, format, exporter: { name: format, version }, options }),
    graphHash: hash,
  }
}

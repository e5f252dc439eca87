import type { Exporter, ExportRequest, JsonObject, ModelFile } from '@mnas/core/contracts'
import { contractErrors } from '@mnas/core/errors'
import { hashBytes, hashJson, writeAtomic } from '@mnas/core/files'
import { exportableOps, graphHash, withOutputs } from '@mnas/core/graph'
import { writeModel } from './flatbuffer/write-model.js'
import { lowerGraph } from './lowering/lower-graph.js'

const format = 'tflite'
/** Changes whenever the same graph gives another structure: a latency measured before is then measured again. */
const version = '1'

/**
 * Float32 `.tflite` files for a batch of 1, signature `serving_default` with the graph's input and output names. No options yet.
 * @throws MNAS_EXPORT_OP, MNAS_EXPORT_WEIGHTS, MNAS_EXPORT_OUTPUT, MNAS_EXPORT_OPTION, MNAS_FILE_WRITE
 */
const exporter: Exporter = { format, version, ops: exportableOps, write }
export default exporter

async function write(request: ExportRequest): Promise<ModelFile> {
  rejectOptions(request.options)
  const graph = withOutputs(request.graph, request.outputs)
  const bytes = writeModel(lowerGraph(graph, request.weights))
  await writeAtomic(request.path, bytes)
  const hash = graphHash(graph)
  const structure = hashJson({ graphHash: hash, format, exporter: { name: format, version }, options: request.options })
  return { format, path: request.path, sizeBytes: bytes.length, sha256: hashBytes(bytes), structure, graphHash: hash }
}

function rejectOptions(options: JsonObject): void {
  const [option] = Object.keys(options)
  if (option !== undefined) throw contractErrors.MNAS_EXPORT_OPTION({ format, option, known: [] })
}

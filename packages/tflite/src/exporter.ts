import { noOptions } from '@mnas/core/config'
import type { Exporter, ExportRequest, ModelFile } from '@mnas/core/contracts'
import { hashBytes, writeAtomic } from '@mnas/core/files'
import { exportableOps, fileTensors, graphHash, structureHash, withOutputs } from '@mnas/core/graph'
import { writeModel } from './flatbuffer/write-model.js'
import { lowerGraph } from './lowering/lower-graph.js'

/** Float32 `.tflite` files for a batch of 1, signature `serving_default` with the graph's input and output names. */
const exporter: Exporter = {
  format: 'tflite',
  version: '1',
  ops: exportableOps,
  precisions: ['float32'],
  options: noOptions,
  write,
}
export default exporter

async function write({ graph: whole, weights, path, precision, outputs }: ExportRequest): Promise<ModelFile> {
  const graph = withOutputs(whole, outputs)
  const bytes = writeModel(lowerGraph(graph, weights))
  await writeAtomic(path, bytes)
  const hash = graphHash(graph)
  return {
    format: exporter.format,
    precision,
    path,
    sizeBytes: bytes.length,
    sha256: hashBytes(bytes),
    structure: structureHash({ graphHash: hash, exporter, precision, options: {} }),
    graphHash: hash,
    ...fileTensors(graph, 1),
  }
}

import type { Exporter, ModelFile } from '../contracts/index.js'
import { hashJson } from '../files/index.js'
import { initializeWeights, lowerBackbone } from '../graph/index.js'
import { exportRequest } from './export-request.js'
import { tinyArchitecture, withClassifier } from './networks/small-networks.js'

/** A model file by its description alone, for what never opens one. */
export function testFile(changes: Partial<ModelFile> = {}): ModelFile {
  return {
    format: 'tflite',
    precision: 'float32',
    path: 'no-such-model.tflite',
    sizeBytes: 4_000_000,
    sha256: hashJson('content'),
    structure: hashJson('structure'),
    graphHash: hashJson('graph'),
    inputs: [],
    outputs: [],
    preprocessing: null,
    ...changes,
  }
}

/** A model file that a device can run: a small classifier of random weights, as an exporter writes it. @throws what the exporter throws */
export function writeTestFile(exporter: Exporter, path: string): Promise<ModelFile> {
  const graph = withClassifier(lowerBackbone(tinyArchitecture('same', 'relu', 32)), 10, 0)
  const [precision] = exporter.precisions
  const options = exporter.options.parse({})
  return exporter.write(exportRequest({ graph, weights: initializeWeights(graph, 1), path, precision, options }))
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeModelFile } from '@mnas/core/deployment'
import { lowerBackbone } from '@mnas/core/graph'
import { exportRequest, tinyArchitecture, withClassifier } from '@mnas/core/testing'
import { tfliteExporter } from '@mnas/tflite'
import { drawnCalibration } from './calibration.js'
import type { Intact } from './damage.js'
import { weightsOf, withSoftmax } from './models.js'
import { readTflite } from './read-tflite.js'

/** One small classifier as a file of each precision that we write, with labels and all that a file says of itself. */
export async function smallFiles(): Promise<readonly Intact[]> {
  const graph = withSoftmax(withClassifier(lowerBackbone(tinyArchitecture('same', 'relu', 32)), 4, 0))
  const common = { graph, weights: weightsOf(graph), labels: ['a', 'b', 'c', 'd'], calibration: drawnCalibration(graph) }
  const folder = mkdtempSync(join(tmpdir(), 'mnas-small-'))
  try {
    const files: Intact[] = []
    for (const precision of tfliteExporter.precisions) {
      const path = join(folder, `${precision}.tflite`)
      const options = tfliteExporter.options.parse({})
      await writeModelFile(tfliteExporter, exportRequest({ ...common, path, precision, options }))
      const bytes = new Uint8Array(readFileSync(path))
      files.push({ name: precision, bytes, tableBytes: firstBuffer(bytes) })
    }
    return files
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const firstBuffer = (bytes: Uint8Array) => Math.min(...readTflite(bytes).buffers.flatMap((data) => (data ? [data.position] : [])))

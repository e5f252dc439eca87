import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { architectureHash } from '@mnas/core/architecture'
import type { Precision } from '@mnas/core/contracts'
import { drawnCalibration, exportModel, loadModel, recordFile } from '@mnas/core/deployment'
import { createReporter } from '@mnas/core/events'
import { hashFile, jsonText } from '@mnas/core/files'
import type { Registry } from '@mnas/core/plugins'
import { testSurroundings } from '@mnas/core/testing'
import type { EntryFile, FileRole, ZooEntry } from '#internal/entry/entry-schema.js'
import { goldenAnswers } from '#internal/verify/golden/golden-answers.js'
import { goldenPath, goldenText } from '#internal/verify/golden/golden-schema.js'
import { writeRandomBundle } from '../../../../../test/device/random-bundle.js'

interface WantedExport {
  readonly format: string
  readonly precision: Precision
  /** Of its input in pixels; default: the model's. */
  readonly size?: number
}

const usual: readonly WantedExport[] = [
  { format: 'tflite', precision: 'float32' },
  { format: 'tflite', precision: 'int8' },
  { format: 'tfjs', precision: 'float32' },
]

/** An entry of a bundle with random weights and its exports, as a folder, without any claims but its files and golden answers. */
export async function writeRandomEntry(
  folder: string,
  registry: Registry,
  cacheFolder: string,
  wanted: readonly WantedExport[] = usual,
): Promise<void> {
  await writeRandomBundle(folder, registry)
  const own = await loadModel(registry, { argument: folder, randomWeights: false })
  const exports: string[] = []
  for (const { format, precision, size } of wanted) {
    const model = size === undefined ? own : await loadModel(registry, { argument: folder, size, randomWeights: false })
    const exporter = await registry.get('exporter', format)
    const wish = { folder: join(folder, 'exports'), precision, calibration: drawnCalibration(model.graph) }
    const file = await exportModel(exporter, model, wish)
    await recordFile({ file, model, exporter, mnasVersion: '0', cacheFolder })
    exports.push(relative(folder, file.path))
  }
  const how = { engine: 'onnx', threads: 1, around: testSurroundings(), reporter: createReporter('silent') }
  await writeFile(join(folder, goldenPath), goldenText(await goldenAnswers({ registry, folder, exports, ...how })))
  const { architecture, costs } = own
  const facts = { parameters: costs.parameters, multiplyAdds: costs.macs, inputSize: architecture.input.size, classes: 4 }
  await writeFile(join(folder, 'entry.json'), jsonText(entryOf(await filesOf(folder), architectureHash(architecture), facts)))
}

/** Brings entry.json up to what lies in its folder: what somebody does who falsifies a model with care. */
export async function listFiles(folder: string): Promise<void> {
  const path = join(folder, 'entry.json')
  const entry = JSON.parse(await readFile(path, 'utf8')) as ZooEntry
  await writeFile(path, jsonText({ ...entry, files: await filesOf(folder) }))
}

async function filesOf(folder: string): Promise<readonly EntryFile[]> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((one) => one.isFile())
    .map((one) => relative(folder, join(one.parentPath, one.name)))
  const files = names.filter((name) => name !== 'entry.json').sort()
  return Promise.all(
    files.map(async (path): Promise<EntryFile> => {
      const role = roleOf(path)
      const { size: sizeBytes } = await stat(join(folder, path))
      return { path, sha256: await hashFile(join(folder, path)), sizeBytes, role, ...(role === 'export' && kindOf(path)) }
    }),
  )
}

function roleOf(path: string): FileRole {
  if (path === 'model.json') return 'model'
  if (path === goldenPath) return 'golden'
  if (path.startsWith('exports/')) return /(?:tflite|tfjs)\.json$/.test(path) ? 'facts' : 'export'
  return path.startsWith('weights') ? 'weights' : 'card'
}

const kindOf = (path: string) => ({
  format: path.includes('.tfjs/') ? 'tfjs' : 'tflite',
  precision: path.includes('-int8') ? 'int8' : 'float32',
})

const entryOf = (
  files: readonly EntryFile[],
  architecture: string,
  facts: Pick<ZooEntry, 'parameters' | 'multiplyAdds' | 'inputSize' | 'classes'>,
) => ({
  version: 1,
  name: 'me/random',
  release: '1.0.0',
  task: 'classification',
  architecture,
  architectureName: 'tiny',
  ...facts,
  files,
  accuracy: [],
  latency: [],
  lineage: { kind: 'imported', from: 'nowhere', file: 'random', sha256: '0'.repeat(64), url: null, parent: null },
  licence: { weights: 'MIT', code: 'Apache-2.0', data: [], text: null, relicensed: null },
  card: { summary: 'Random weights.', intendedUse: '', limits: '', risks: '' },
  supersedes: null,
})

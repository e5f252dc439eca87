import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Exporter, ExportRequest, FileTensor, Graph, ModelFile } from '../../../contracts/index.js'
import { fileTensors, initializeWeights } from '../../../graph/index.js'
import { tinyArchitecture } from '../../networks/small-networks.js'
import { opCases } from '../../op-cases/op-cases.js'
import { type ConformanceCase, check, checkEqual, checkRejects } from '../check.js'
import { exportedClassifier, inTemporaryFolder, writeFile } from './export-file.js'

/** What an exporter says of the file that it wrote, and what it refuses to write. */
export function identitySuite(exporter: Exporter): readonly ConformanceCase[] {
  return [
    { name: 'says what the file is and takes', run: () => checkFacts(exporter) },
    { name: 'a repeated export is the same file', run: () => checkRepeatable(exporter) },
    { name: 'other weights, labels and name: same structure', run: () => checkIdentity(exporter) },
    { name: 'an op that the exporter lacks is refused', run: () => checkRefused(exporter) },
    { name: 'an option that the exporter lacks is refused', run: async () => checkOptions(exporter) },
  ]
}

const graph = () => exportedClassifier(tinyArchitecture('same', 'relu', 17))
const otherGraph = () => exportedClassifier(tinyArchitecture('symmetric', 'relu6', 16))

async function checkFacts(exporter: Exporter): Promise<void> {
  const written = graph()
  const weights = initializeWeights(written, 8)
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, 'model')
    const file = await writeFile(exporter, { graph: written, weights, path })
    const { format, precisions } = exporter
    checkEqual([file.format, file.precision, file.path], [format, precisions[0], path], 'format, precision and path of the file')
    check(file.sizeBytes > 0, 'sizeBytes', 'more than 0', `${file.sizeBytes}`)
    const named = (tensors: readonly FileTensor[]) => tensors.map(({ name, shape }) => [name, shape.slice(1)])
    const expected = fileTensors(written, 1)
    checkEqual(named(file.inputs), named(expected.inputs), 'names and shapes of the inputs')
    checkEqual(named(file.outputs), named(expected.outputs), 'names and shapes of the outputs')
  })
}

async function checkRepeatable(exporter: Exporter): Promise<void> {
  const written = graph()
  const weights = initializeWeights(written, 8)
  await inTemporaryFolder(async (folder) => {
    const identity = ({ path: _path, ...rest }: ModelFile) => rest
    const first = await writeFile(exporter, { graph: written, weights, path: join(folder, 'first') })
    const second = await writeFile(exporter, { graph: written, weights, path: join(folder, 'second') })
    checkEqual(identity(second), identity(first), 'the same model written twice')
    checkEqual((await readdir(folder)).sort(), ['first', 'second'], 'what stands in the folder afterwards')
  })
}

/** A latency belongs to the structure, whatever the weights are and whatever is told about the model. */
async function checkIdentity(exporter: Exporter): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const write = (path: string, of: Graph, seed: number, about: Partial<ExportRequest> = {}) =>
      writeFile(exporter, { graph: of, weights: initializeWeights(of, seed), path: join(folder, path), ...about })
    const first = await write('a', graph(), 8)
    const retrained = await write('b', graph(), 9)
    checkEqual(retrained.structure, first.structure, 'structure with other weights')
    check(retrained.sha256 !== first.sha256, 'sha256 with other weights', 'another one', retrained.sha256)
    const labels = Array.from({ length: 10 }, (_, i) => `class ${i}`)
    const named = await write('c', graph(), 8, { name: 'another name', labels })
    checkEqual(named.structure, first.structure, 'structure with labels and another name')
    const other = await write('d', otherGraph(), 8)
    check(other.structure !== first.structure, 'structure of another graph', 'another one', other.structure)
  })
}

async function checkRefused(exporter: Exporter): Promise<void> {
  const lacking = opCases().find(({ op }) => !exporter.ops.includes(op))
  if (!lacking) return
  await inTemporaryFolder(async (folder) => {
    const { graph: refused, weights } = lacking
    const write = () => writeFile(exporter, { graph: refused, weights, path: join(folder, 'model') })
    await checkRejects(write, 'MNAS_EXPORT_OP', `exporting ${lacking.op}`)
    checkEqual(await readdir(folder), [], 'what a refused export leaves behind')
  })
}

function checkOptions({ options }: Exporter): void {
  let outcome = 'taken'
  try {
    options.parse({ 'no-option-has-this-name': true })
  } catch {
    outcome = 'refused'
  }
  checkEqual(outcome, 'refused', 'an unknown option')
}

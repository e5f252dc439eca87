import { join } from 'node:path'
import { namedArchitecture, scaleArchitecture } from '../../architecture/index.js'
import type { Exporter, FileTensor, Graph, ModelRuntime, Op, Surroundings, Tensors } from '../../contracts/index.js'
import { initializeWeights } from '../../graph/index.js'
import { interpret } from '../interpreter/interpret.js'
import type { Value } from '../interpreter/value.js'
import { tinyArchitecture } from '../networks/small-networks.js'
import { mergeCases } from '../op-cases/merge-cases.js'
import { opCases } from '../op-cases/op-cases.js'
import { randomizedStatistics, randomTensors } from '../random-tensors.js'
import { testSurroundings } from '../test-surroundings.js'
import { type ConformanceCase, check, checkClose, checkEqual } from './check.js'
import { examples } from './file-format/examples.js'
import { exportedClassifier, inTemporaryFolder, writeFile } from './file-format/export-file.js'
import { identitySuite } from './file-format/identity-suite.js'
import { startedSuite } from './file-format/started-suite.js'

export interface FileFormatOptions {
  /** Largest difference from the interpreter, of the output's range; 1e-4. */
  readonly tolerance?: number
  /** What the runtime is given; default: testSurroundings(). */
  readonly around?: Surroundings
}

interface Network {
  readonly name: string
  readonly graph: () => Graph
}

const networks: readonly Network[] = [
  {
    name: 'MnasNet-A1 at 96 px',
    graph: () => exportedClassifier(scaleArchitecture(namedArchitecture('mnasnet-a1'), { inputSize: 96 })),
  },
  {
    name: 'tiny MnasNet with same padding on odd sizes',
    graph: () => exportedClassifier(tinyArchitecture('same', 'relu', 17)),
  },
  {
    name: 'tiny MnasNet with symmetric padding and relu6',
    graph: () => exportedClassifier(tinyArchitecture('symmetric', 'relu6', 16)),
  },
]

/** Both sides of a format, and how nearly they have to agree. */
interface Format {
  readonly exporter: Exporter
  readonly runtime: ModelRuntime
  readonly around: Surroundings
  readonly tolerance: number
}

/**
 * What an exporter and a runtime of its format have to agree on with the reference interpreter: every op that the exporter writes, alone, and
 * whole networks with random weights and randomised batch-norm statistics.
 */
export function fileFormatConformance(
  exporter: Exporter,
  runtime: ModelRuntime,
  { tolerance = 1e-4, around = testSurroundings() }: FileFormatOptions = {},
): readonly ConformanceCase[] {
  const format = { exporter, runtime, around, tolerance }
  const opFiles = exportableOps(exporter).map((op) => ({ name: `op: ${op}`, run: () => checkOp(format, op) }))
  const wholeFiles = networks.map(({ name, graph }) => ({
    name: `network: ${name}`,
    run: () => checkNetwork(format, graph()),
  }))
  const description = { name: 'the runtime describes a file as its exporter does', run: () => checkDescription(format) }
  return [...opFiles, ...wholeFiles, description, ...startedSuite(format), ...identitySuite(exporter)]
}

/** Cases that this exporter can write. Dropout alone would leave an empty file: it stands in the whole networks. */
function writable(exporter: Exporter) {
  const ops = new Set<Op>(exporter.ops)
  return opCases().filter(({ graph, op }) => op !== 'dropout' && graph.nodes.every((node) => ops.has(node.op)))
}

function exportableOps(exporter: Exporter): readonly Op[] {
  return [...new Set(writable(exporter).map(({ op }) => op))]
}

async function checkOp(format: Format, op: Op): Promise<void> {
  const cases = writable(format.exporter).filter((opCase) => opCase.op === op)
  const { graph, inputs, weights } = mergeCases(cases)
  const expected = interpret(graph, { inputs, weights, mode: 'inference' }).outputs
  await checkFile(format, { graph, inputs, weights, expected }, (name) => cases[Number(name.slice(1))]!.name)
}

async function checkNetwork(format: Format, graph: Graph): Promise<void> {
  const weights = randomizedStatistics(initializeWeights(graph, 5), 6)
  const inputs = randomTensors(graph.inputs, { batch: 2, seed: 7 })
  const expected = interpret(graph, { inputs, weights, mode: 'inference' }).outputs
  await checkFile(format, { graph, inputs, weights, expected }, (name) => name)
}

interface FileCheck {
  readonly graph: Graph
  readonly inputs: Tensors
  readonly weights: Tensors
  readonly expected: Readonly<Record<string, Value>>
}

async function checkFile(
  { exporter, runtime, around, tolerance }: Format,
  { graph, inputs, weights, expected }: FileCheck,
  title: (output: string) => string,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const file = await writeFile(exporter, { graph, weights, path: join(folder, 'model') })
    const received: Tensors[] = []
    for await (const outputs of runtime.run(file, examples(inputs), around)) received.push(outputs)
    const batch = Object.values(inputs)[0]!.shape[0]!
    check(received.length === batch, 'outputs of the runtime', `one for each of ${batch} inputs`, `${received.length}`)
    for (const [name, value] of Object.entries(expected)) {
      const rows = received.map((outputs) => {
        check(name in outputs, 'the file lacks an output', name, Object.keys(outputs).join(', '))
        return Array.from(outputs[name]!.data)
      })
      checkClose(rows.flat(), value.data, tolerance, `output "${title(name)}"`, rangeOf(value.data))
    }
  })
}

async function checkDescription({ exporter, runtime, around }: Format): Promise<void> {
  const graph = networks[1]!.graph()
  await inTemporaryFolder(async (folder) => {
    const file = await writeFile(exporter, { graph, weights: initializeWeights(graph, 8), path: join(folder, 'model') })
    const described = await runtime.describe(file, around)
    checkEqual(described.inputs, file.inputs.map(ofOne), 'inputs as the runtime describes them')
    checkEqual(described.outputs, file.outputs.map(ofOne), 'outputs as the runtime describes them')
  })
}

/** An open batch is taken as 1. */
const ofOne = (tensor: FileTensor): FileTensor => {
  return { ...tensor, shape: tensor.shape.map((size) => (size === -1 ? 1 : size)) }
}

/** Largest minus smallest, or the largest magnitude where all are equal. */
function rangeOf(data: Float64Array): number {
  const largest = data.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const smallest = data.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  return largest > smallest ? largest - smallest : Math.max(Math.abs(largest), 1e-6)
}

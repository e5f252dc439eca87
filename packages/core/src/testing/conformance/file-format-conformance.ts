import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { namedArchitecture, scaleArchitecture } from '../../architecture/index.js'
import type { Exporter, Graph, ModelFile, ModelRuntime, Op, Tensors } from '../../contracts/index.js'
import { initializeWeights, lowerBackbone } from '../../graph/index.js'
import { interpret } from '../interpreter/interpret.js'
import type { Value } from '../interpreter/value.js'
import { tinyArchitecture, withClassifier } from '../networks/small-networks.js'
import { mergeCases } from '../op-cases/merge-cases.js'
import { opCases } from '../op-cases/op-cases.js'
import { randomizedStatistics, randomTensors } from '../random-tensors.js'
import { type ConformanceCase, check, checkClose, checkEqual, checkRejects } from './check.js'

export interface FileFormatOptions {
  /** Largest difference from the interpreter, of the output's range; 1e-4. */
  readonly tolerance?: number
}

interface Network {
  readonly name: string
  readonly graph: () => Graph
}

const networks: readonly Network[] = [
  { name: 'MnasNet-A1 at 96 px', graph: () => classifier(scaleArchitecture(namedArchitecture('mnasnet-a1'), { inputSize: 96 })) },
  { name: 'tiny MnasNet with same padding on odd sizes', graph: () => classifier(tinyArchitecture('same', 'relu', 17)) },
  { name: 'tiny MnasNet with symmetric padding and relu6', graph: () => classifier(tinyArchitecture('symmetric', 'relu6', 16)) },
]

function classifier(architecture: Parameters<typeof lowerBackbone>[0]): Graph {
  return withClassifier(lowerBackbone(architecture), 10, 0.2)
}

/**
 * What an exporter and a runtime of its format have to agree on with the reference interpreter: every op that the exporter writes, alone, and
 * whole networks with random weights and randomised batch-norm statistics.
 */
export function fileFormatConformance(
  exporter: Exporter,
  runtime: ModelRuntime,
  { tolerance = 1e-4 }: FileFormatOptions = {},
): readonly ConformanceCase[] {
  const opFiles = exportableOps(exporter).map((op) => ({
    name: `op: ${op}`,
    run: () => checkOp(exporter, runtime, op, tolerance),
  }))
  const wholeFiles = networks.map(({ name, graph }) => ({
    name: `network: ${name}`,
    run: () => checkNetwork(exporter, runtime, graph(), tolerance),
  }))
  return [
    ...opFiles,
    ...wholeFiles,
    { name: 'a repeated export is the same file', run: () => checkRepeatable(exporter) },
    { name: 'other weights: same structure, another file', run: () => checkIdentity(exporter) },
    { name: 'an op that the exporter lacks is refused', run: () => checkRefused(exporter) },
  ]
}

/** Cases that this exporter can write. Dropout alone would leave an empty file: it stands in the whole networks. */
function writable(exporter: Exporter) {
  const ops = new Set<Op>(exporter.ops)
  return opCases().filter(({ graph, op }) => op !== 'dropout' && graph.nodes.every((node) => ops.has(node.op)))
}

function exportableOps(exporter: Exporter): readonly Op[] {
  return [...new Set(writable(exporter).map(({ op }) => op))]
}

async function checkOp(exporter: Exporter, runtime: ModelRuntime, op: Op, tolerance: number): Promise<void> {
  const cases = writable(exporter).filter((opCase) => opCase.op === op)
  const { graph, inputs, weights } = mergeCases(cases)
  const expected = interpret(graph, { inputs, weights, mode: 'inference' }).outputs
  await checkFile(
    exporter,
    runtime,
    { graph, inputs, weights, expected, tolerance },
    (name) => cases[Number(name.slice(1))]!.name,
  )
}

async function checkNetwork(exporter: Exporter, runtime: ModelRuntime, graph: Graph, tolerance: number): Promise<void> {
  const weights = randomizedStatistics(initializeWeights(graph, 5), 6)
  const inputs = randomTensors(graph.inputs, { batch: 2, seed: 7 })
  const expected = interpret(graph, { inputs, weights, mode: 'inference' }).outputs
  await checkFile(exporter, runtime, { graph, inputs, weights, expected, tolerance }, (name) => name)
}

interface FileCheck {
  readonly graph: Graph
  readonly inputs: Tensors
  readonly weights: Tensors
  readonly expected: Readonly<Record<string, Value>>
  readonly tolerance: number
}

async function checkFile(
  exporter: Exporter,
  runtime: ModelRuntime,
  { graph, inputs, weights, expected, tolerance }: FileCheck,
  title: (output: string) => string,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const file = await exporter.write({ graph, weights, path: join(folder, 'model'), options: {} })
    checkEqual([file.format, file.path], [exporter.format, join(folder, 'model')], 'format and path of the written file')
    const received: Tensors[] = []
    for await (const outputs of runtime.run(file, examples(inputs))) received.push(outputs)
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

/** Largest minus smallest, or the largest magnitude where all are equal. */
function rangeOf(data: Float64Array): number {
  const largest = data.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const smallest = data.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  return largest > smallest ? largest - smallest : Math.max(Math.abs(largest), 1e-6)
}

/** The rows of a batch one by one, each with a batch of 1. */
async function* examples(inputs: Tensors): AsyncIterable<Tensors> {
  const batch = Object.values(inputs)[0]!.shape[0]!
  for (let n = 0; n < batch; n++) {
    yield Object.fromEntries(
      Object.entries(inputs).map(([name, tensor]) => {
        const size = tensor.data.length / batch
        const data = tensor.data.slice(n * size, (n + 1) * size)
        return [name, { ...tensor, shape: [1, ...tensor.shape.slice(1)], data }] as const
      }),
    )
  }
}

async function checkRepeatable(exporter: Exporter): Promise<void> {
  const graph = networks[1]!.graph()
  const weights = initializeWeights(graph, 8)
  await inTemporaryFolder(async (folder) => {
    const identity = ({ sizeBytes, sha256, structure, graphHash }: ModelFile) => ({ sizeBytes, sha256, structure, graphHash })
    const first = await exporter.write({ graph, weights, path: join(folder, 'first'), options: {} })
    const second = await exporter.write({ graph, weights, path: join(folder, 'second'), options: {} })
    checkEqual(identity(second), identity(first), 'the same model written twice')
    checkEqual((await readdir(folder)).sort(), ['first', 'second'], 'what stands in the folder afterwards')
  })
}

/** A latency belongs to the structure, whatever the weights are. */
async function checkIdentity(exporter: Exporter): Promise<void> {
  const [graph, otherGraph] = [networks[1]!.graph(), networks[2]!.graph()]
  await inTemporaryFolder(async (folder) => {
    const write = (path: string, of: Graph, seed: number) =>
      exporter.write({ graph: of, weights: initializeWeights(of, seed), path: join(folder, path), options: {} })
    const [first, second, other] = [await write('a', graph, 8), await write('b', graph, 9), await write('c', otherGraph, 8)]
    checkEqual(second.structure, first.structure, 'structure with other weights')
    check(second.sha256 !== first.sha256, 'sha256 with other weights', 'another one', second.sha256)
    check(other.structure !== first.structure, 'structure of another graph', 'another one', other.structure)
  })
}

async function checkRefused(exporter: Exporter): Promise<void> {
  const lacking = opCases().find(({ op }) => !exporter.ops.includes(op))
  if (!lacking) return
  await inTemporaryFolder(async (folder) => {
    const { graph, weights } = lacking
    const write = () => exporter.write({ graph, weights, path: join(folder, 'model'), options: {} })
    await checkRejects(write, 'MNAS_EXPORT_OP', `exporting ${lacking.op}`)
    checkEqual(await readdir(folder), [], 'what a refused export leaves behind')
  })
}

async function inTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mnas-conformance-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

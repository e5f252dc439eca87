import { join } from 'node:path'
import type { Exporter, Graph, ModelFile, ModelRuntime, StartedRuntime, Surroundings, Tensors } from '../../../contracts/index.js'
import { isMnasError } from '../../../errors/index.js'
import { initializeWeights } from '../../../graph/index.js'
import { tinyArchitecture } from '../../networks/small-networks.js'
import { randomTensors } from '../../random-tensors.js'
import { type ConformanceCase, check, checkEqual } from '../check.js'
import { examples } from './examples.js'
import { exportedClassifier, inTemporaryFolder, writeFile } from './export-file.js'

/** What is started once. */
interface Startable {
  readonly exporter: Exporter
  readonly runtime: ModelRuntime
  readonly around: Surroundings
}

/** A runtime that starts once for many files answers as it does for one; none where there is nothing to start. */
export function startedSuite(format: Startable): readonly ConformanceCase[] {
  if (!format.runtime.start) return []
  return [{ name: 'started once, answers for each file as for it alone, whatever came before', run: () => checkStarted(format) }]
}

interface Case {
  readonly file: ModelFile
  readonly inputs: Tensors
  /** Of the file alone. */
  readonly expected: readonly Tensors[]
}

async function checkStarted(format: Startable): Promise<void> {
  const { runtime, around } = format
  await inTemporaryFolder(async (folder) => {
    const first = await caseOf(format, exportedClassifier(tinyArchitecture('same', 'relu', 17)), join(folder, 'first'))
    const second = await caseOf(format, exportedClassifier(tinyArchitecture('symmetric', 'relu6', 16)), join(folder, 'second'))
    const started = runtime.start!(around)
    try {
      await checkOneAfterTheOther(started, [first, second, first])
      await checkAtOnce(started, [first, second])
      await checkAfterFailure(started, first)
    } finally {
      await started.close()
    }
  })
}

async function checkOneAfterTheOther(started: StartedRuntime, cases: readonly Case[]): Promise<void> {
  for (const [turn, { file, inputs, expected }] of cases.entries())
    checkEqual(
      plain(await all(started.run(file, examples(inputs)))),
      plain(expected),
      `answers of file ${turn + 1} of ${cases.length}`,
    )
}

/** The files are open together, and asked by turns. */
async function checkAtOnce(started: StartedRuntime, cases: readonly Case[]): Promise<void> {
  const running = cases.map(({ file, inputs }) => started.run(file, examples(inputs))[Symbol.asyncIterator]())
  for (const turn of [0, 1]) {
    for (const [index, { expected }] of cases.entries()) {
      const { value } = await running[index]!.next()
      checkEqual(plain([value]), plain([expected[turn]!]), `answer ${turn + 1} of file ${index + 1} of ${cases.length} at once`)
    }
  }
  await Promise.all(running.map((answers) => answers.return?.()))
}

async function checkAfterFailure(started: StartedRuntime, { file, inputs, expected }: Case): Promise<void> {
  const gone = { ...file, path: `${file.path}-gone` }
  const outcome = await all(started.run(gone, examples(inputs))).catch((error: unknown) => error)
  check(isMnasError(outcome), 'a file that is not there', 'an error of a catalogue', String(outcome))
  checkEqual(plain(await all(started.run(file, examples(inputs)))), plain(expected), 'answers of the file after it')
}

async function caseOf({ exporter, runtime, around }: Startable, graph: Graph, path: string): Promise<Case> {
  const file = await writeFile(exporter, { graph, weights: initializeWeights(graph, 8), path })
  const inputs = randomTensors(graph.inputs, { batch: 2, seed: 9 })
  return { file, inputs, expected: await all(runtime.run(file, examples(inputs), around)) }
}

async function all(answers: AsyncIterable<Tensors>): Promise<readonly Tensors[]> {
  const every: Tensors[] = []
  for await (const answer of answers) every.push(answer)
  return every
}

/** Typed arrays as numbers, to be compared to the bit. */
const plain = (answers: readonly Tensors[]) =>
  answers.map((outputs) => Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, Array.from(data)])))

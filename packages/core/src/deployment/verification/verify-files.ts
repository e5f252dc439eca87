import type { AgreementAccumulator, AskedFile, Graph, InferenceSession, PostProcessing, Tensors } from '../../contracts/index.js'
import { deploymentErrors } from '../errors.js'
import { type Example, examplesOf, picked, rowOf } from './example.js'
import type { VerificationBatch } from './verification-inputs.js'

/** Runs a file, one image after the other: the answer to each is given before the next is asked for. */
export type Infer = (file: AskedFile, inputs: AsyncIterable<Tensors>) => AsyncIterable<Tensors>

export interface VerifiedFile {
  readonly file: AskedFile
  readonly infer: Infer
  /** Is given both answers to each image. */
  readonly agreement: Pick<AgreementAccumulator, 'add'>
  /** What it does behind the graph. Default: nothing. */
  readonly postProcessing?: PostProcessing | undefined
}

export interface VerificationRequest {
  readonly graph: Graph
  /** Of `graph` with its weights. */
  readonly session: Pick<InferenceSession, 'run'>
  readonly files: readonly VerifiedFile[]
  readonly batches: AsyncIterable<VerificationBatch>
  readonly whileWorking: <T>(work: () => Promise<T>) => Promise<T>
  readonly report?: (images: number) => void
}

/**
 * Runs the engine and the files on the same images, streaming: each image goes to the engine once and to every file, and both answers go on.
 * @returns how many images were compared
 * @throws MNAS_DEPLOY_OUTPUT, and what session and runtime throw
 */
export async function verifyFiles(request: VerificationRequest): Promise<number> {
  const { graph, files, whileWorking, report } = request
  const names = Object.keys(graph.inputs)
  const running = files.map((one) => ({ ...one, answers: answerer(one) }))
  let images = 0
  try {
    for await (const batch of request.batches) {
      for (const { example, expected } of await engineAnswers(request, batch)) {
        for (const { answers, agreement, postProcessing } of running) {
          const actual = await whileWorking(() => answers.ask(picked(example.inputs, names)))
          requireAnswers(expected, actual, postProcessing)
          agreement.add(expected, actual, example)
        }
        images++
        report?.(images)
      }
    }
    return images
  } finally {
    await Promise.all(running.map(({ answers }) => answers.close()))
  }
}

interface Answered {
  readonly example: Example
  readonly expected: Tensors
}

/** The engine's answer to each image of a batch. */
async function engineAnswers(
  { graph, session, whileWorking }: Pick<VerificationRequest, 'graph' | 'session' | 'whileWorking'>,
  batch: VerificationBatch,
): Promise<readonly Answered[]> {
  const outputs = await whileWorking(() => session.run(picked(batch.inputs, Object.keys(graph.inputs))))
  const rows = batch.examples.flatMap((example, row) => (example < 0 ? [] : [row]))
  const expected = (row: number) => rowOf(picked(outputs, Object.keys(graph.outputs)), row, batch.examples.length)
  return examplesOf(batch).map((example, position) => ({ example, expected: expected(rows[position]!) }))
}

/** A runtime's stream of answers as questions, one at a time. */
function answerer({ file, infer }: VerifiedFile) {
  let handOver: ((image: Tensors | null) => void) | null = null
  let waiting: Tensors | null = null
  let unanswered: (() => void) | null = null
  const nextImage = () =>
    new Promise<Tensors | null>((resolve) => {
      if (waiting) resolve(waiting)
      else {
        handOver = resolve
        unanswered?.()
      }
      waiting = null
    })
  async function* images(): AsyncGenerator<Tensors> {
    for (let image = await nextImage(); image; image = await nextImage()) yield image
  }
  const give = (image: Tensors | null) => {
    if (handOver) handOver(image)
    else waiting = image
    handOver = null
  }
  const answers = infer(file, images())[Symbol.asyncIterator]()
  return {
    async ask(image: Tensors): Promise<Tensors> {
      give(image)
      const asksForMore = new Promise<null>((resolve) => {
        unanswered = () => resolve(null)
      })
      const answer = await Promise.race([answers.next(), asksForMore])
      unanswered = null
      if (!answer || answer.done) throw mismatch('an answer to each image before the next', 'fewer')
      return answer.value
    },
    async close(): Promise<void> {
      give(null)
      await answers.return?.()
    },
  }
}

/** Every output that the file should have, with as many values. No number of either side may be NaN but where an operator leaves rows empty. */
function requireAnswers(expected: Tensors, actual: Tensors, postProcessing: PostProcessing | undefined): void {
  const { reads = [], outputs = [] } = postProcessing ?? {}
  for (const { name, shape } of outputs) {
    requireLength(
      name,
      shape.reduce((product, side) => product * side, 1),
      actual,
    )
  }
  for (const [name, wanted] of Object.entries(expected)) {
    requireNumbers(name, wanted, 'engine')
    if (reads.includes(name)) continue
    requireLength(name, wanted.data.length, actual)
    requireNumbers(name, actual[name]!, 'file')
  }
}

function requireLength(name: string, length: number, actual: Tensors): void {
  if (actual[name]?.data.length !== length) throw mismatch(`output "${name}" of ${length} values`, describeOutputs(actual))
}

function requireNumbers(name: string, { data }: Tensors[string], side: 'engine' | 'file'): void {
  if (data.some((value) => Number.isNaN(value))) throw mismatch(`numbers in "${name}"`, `NaN from the ${side}`)
}

const mismatch = (expected: string, received: string) => deploymentErrors.MNAS_DEPLOY_OUTPUT({ expected, received })

const describeOutputs = (outputs: Tensors) =>
  Object.entries(outputs)
    .map(([name, { data }]) => `"${name}" of ${data.length} values`)
    .join(', ') || 'none'

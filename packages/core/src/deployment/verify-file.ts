import type { Graph, InferenceSession, ModelFile, Tensor, Tensors } from '../contracts/index.js'
import { deploymentErrors } from './errors.js'
import type { VerificationBatch } from './verification-inputs.js'

/** How well a file says what the engine says. Null where the model has no probabilities. */
export interface Agreement {
  readonly images: number
  /** Largest difference of two natural logarithms of a probability, over all images and classes. */
  readonly maxLogProbabilityError: number | null
  /** Fraction of the images for which both name the same most probable class. */
  readonly top1Agreement: number | null
}

export interface VerificationRequest {
  readonly graph: Graph
  /** Of `graph` with its weights. */
  readonly session: Pick<InferenceSession, 'run'>
  readonly file: ModelFile
  /** Runs the file, one image at a time. */
  readonly infer: (file: ModelFile, inputs: AsyncIterable<Tensors>) => AsyncIterable<Tensors>
  readonly batches: AsyncIterable<VerificationBatch>
  readonly whileWorking: <T>(work: () => Promise<T>) => Promise<T>
  readonly report?: (images: number) => void
}

/** Below this a float32 softmax has nothing left: probabilities are compared as if they were at least this. */
const smallestProbability = 1e-30

/**
 * Runs the engine and the file on the same images, streaming, and compares the probabilities.
 * @throws MNAS_DEPLOY_OUTPUT, and what session and runtime throw
 */
export async function verifyFile(request: VerificationRequest): Promise<Agreement> {
  const compared = probabilityOutputs(request.graph)
  const expected: Tensors[] = []
  let images = 0
  let worst = 0
  let agreeing = 0
  for await (const actual of request.infer(request.file, engineFirst(request, expected))) {
    const wanted = expected.shift()
    if (!wanted) throw mismatch(`${images} answers`, 'more')
    const [error, sameTop] = compareOutputs(wanted, actual, compared)
    worst = Math.max(worst, error)
    agreeing += sameTop ? 1 : 0
    images++
    request.report?.(images)
  }
  if (expected.length > 0) throw mismatch(`${images + expected.length} answers`, `${images}`)
  const comparable = compared.length > 0 && images > 0
  return {
    images,
    maxLogProbabilityError: comparable ? worst : null,
    top1Agreement: comparable ? agreeing / images : null,
  }
}

/** Gives the runtime one image at a time, after the engine's answer to it has been noted. */
async function* engineFirst(
  { graph, session, batches, whileWorking }: VerificationRequest,
  expected: Tensors[],
): AsyncGenerator<Tensors> {
  const names = Object.keys(graph.inputs)
  for await (const { inputs, examples } of batches) {
    const modelInputs = pick(inputs, names)
    const outputs = await whileWorking(() => session.run(modelInputs))
    for (const [row, example] of examples.entries()) {
      if (example < 0) continue
      expected.push(rowOf(pick(outputs, Object.keys(graph.outputs)), row))
      yield rowOf(modelInputs, row)
    }
  }
}

/** Names of the outputs that a softmax gives. */
function probabilityOutputs({ outputs, nodes }: Graph): readonly string[] {
  const softmaxes = new Set(nodes.filter((node) => node.op === 'softmax').map((node) => node.id))
  return Object.entries(outputs).flatMap(([name, id]) => (softmaxes.has(id) ? [name] : []))
}

function compareOutputs(
  expected: Tensors,
  actual: Tensors,
  names: readonly string[],
): readonly [error: number, sameTop: boolean] {
  let error = 0
  let sameTop = true
  for (const name of names) {
    const wanted = expected[name]
    const received = actual[name]
    if (!wanted || received?.data.length !== wanted.data.length) {
      throw mismatch(`output "${name}" of ${wanted?.data.length ?? 0} values`, describeOutputs(actual))
    }
    error = Math.max(error, largestLogDifference(wanted.data, received.data))
    sameTop &&= indexOfLargest(wanted.data) === indexOfLargest(received.data)
  }
  return [error, sameTop]
}

/** NaN is no number to compare: a maximum would let it pass unseen. */
function largestLogDifference(a: Tensor['data'], b: Tensor['data']): number {
  let largest = 0
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(logOf(a[i]!) - logOf(b[i]!))
    if (Number.isNaN(difference)) throw mismatch('probabilities', `${a[i]} from the engine and ${b[i]} from the file`)
    largest = Math.max(largest, difference)
  }
  return largest
}

const logOf = (probability: number) => Math.log(Math.max(probability, smallestProbability))

function indexOfLargest(values: Tensor['data']): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i
  return best
}

function rowOf(tensors: Tensors, row: number): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, data }]) => {
      const length = data.length / shape[0]!
      return [name, { dtype, shape: [1, ...shape.slice(1)], data: data.slice(row * length, (row + 1) * length) }]
    }),
  )
}

const pick = (tensors: Tensors, names: readonly string[]): Tensors =>
  Object.fromEntries(names.flatMap((name) => (tensors[name] ? [[name, tensors[name]]] : [])))

const mismatch = (expected: string, received: string) => deploymentErrors.MNAS_DEPLOY_OUTPUT({ expected, received })

const describeOutputs = (outputs: Tensors) =>
  Object.entries(outputs)
    .map(([name, { data }]) => `"${name}" of ${data.length} values`)
    .join(', ') || 'none'

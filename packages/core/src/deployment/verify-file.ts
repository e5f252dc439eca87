import type { AgreementAccumulator, Graph, InferenceSession, ModelFile, Tensors } from '../contracts/index.js'
import { deploymentErrors } from './errors.js'
import type { VerificationBatch } from './verification-inputs.js'

export interface VerificationRequest {
  readonly graph: Graph
  /** Of `graph` with its weights. */
  readonly session: Pick<InferenceSession, 'run'>
  readonly file: ModelFile
  /** Runs the file, one image at a time. */
  readonly infer: (file: ModelFile, inputs: AsyncIterable<Tensors>) => AsyncIterable<Tensors>
  readonly batches: AsyncIterable<VerificationBatch>
  /** Is given both answers to each image. */
  readonly agreement: Pick<AgreementAccumulator, 'add'>
  readonly whileWorking: <T>(work: () => Promise<T>) => Promise<T>
  readonly report?: (images: number) => void
}

/**
 * Runs the engine and the file on the same images, streaming, and hands both answers on.
 * @returns how many images were compared
 * @throws MNAS_DEPLOY_OUTPUT, and what session and runtime throw
 */
export async function verifyFile(request: VerificationRequest): Promise<number> {
  const expected: Tensors[] = []
  let images = 0
  for await (const actual of request.infer(request.file, engineFirst(request, expected))) {
    const wanted = expected.shift()
    if (!wanted) throw mismatch(`${images} answers`, 'more')
    requireSameShape(wanted, actual)
    request.agreement.add(wanted, actual)
    images++
    request.report?.(images)
  }
  if (expected.length > 0) throw mismatch(`${images + expected.length} answers`, `${images}`)
  return images
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

/** Every output of the model, as many values and none of them NaN: that is no number to compare. */
function requireSameShape(expected: Tensors, actual: Tensors): void {
  for (const [name, wanted] of Object.entries(expected)) {
    const received = actual[name]
    if (received?.data.length !== wanted.data.length)
      throw mismatch(`output "${name}" of ${wanted.data.length} values`, describeOutputs(actual))
    const nan = [wanted, received].findIndex(({ data }) => data.some((value) => Number.isNaN(value)))
    if (nan >= 0) throw mismatch(`numbers in "${name}"`, `NaN from the ${nan === 0 ? 'engine' : 'file'}`)
  }
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

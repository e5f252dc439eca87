import type { FileTensor, Tensors } from '@mnas/core/contracts'
import { isMnasError, toErrorRecord } from '@mnas/core/errors'
import { tfliteErrors } from '../errors.js'
import { quotedName } from '../flatbuffer/quoted-name.js'
import { drawnInputs } from './drawn-inputs.js'
import { type LoadedModel, ModelRefused } from './loaded-model.js'
import type { LoadRequest, ModelReply, ModelRequest } from './protocol.js'
import { type ModelBytes, readModelFile } from './read-model-file.js'
import { bytesOf, toBytes, toTensors } from './tensor-bytes.js'
import { timeRuns } from './time-runs.js'

export interface ModelServer {
  readonly runtime: string
  load(model: ModelBytes, request: LoadRequest): Promise<LoadedModel>
  /** Whether the native library can be loaded. Throws why not. */
  probe?(library: string): Promise<void>
}

interface Current {
  readonly model: LoadedModel
  readonly says: ModelBytes
  readonly file: string
}

/** The life of a model process: answers its parent's requests one after the other, and ends with it. */
export function serveModel(server: ModelServer): void {
  let queue = Promise.resolve()
  let current: Current | null = null

  const answer = async (request: ModelRequest): Promise<ModelReply> => {
    switch (request.kind) {
      case 'probe':
        await server.probe?.(request.library)
        return { kind: 'probed' }
      case 'describe': {
        const { inputs, outputs, operators } = await naming(server, request.file, () => readModelFile(request.file))
        return { kind: 'described', inputs, outputs, operators }
      }
      case 'load':
        current = await load(server, request)
        return { kind: 'loaded' }
      case 'infer':
      case 'time':
        return run(server, current, request)
      case 'unload':
        current?.model.close()
        current = null
        return { kind: 'unloaded' }
      default:
        return request satisfies never
    }
  }
  process.on('message', (request: ModelRequest) => {
    queue = queue.then(async () => {
      const reply = await answer(request).catch((error): ModelReply => ({ kind: 'failed', error: toErrorRecord(error) }))
      process.send?.(reply)
    })
  })
  process.on('disconnect', () => process.exit())
}

async function load(server: ModelServer, request: LoadRequest): Promise<Current> {
  const { file } = request
  return naming(server, file, async () => {
    const says = await readModelFile(file)
    requireKnown(says.customOps)
    return { model: await server.load(says, request), says, file }
  })
}

/**
 * Custom ops that are part of LiteRT 2.3 and LiteRT.js 2.5. Another one has to be refused here: a library that lacks it says so without its
 * name, or (LiteRT.js) not at all, and gives the time of nothing.
 */
const customOps: readonly string[] = [
  ...['AudioSpectrogram', 'Convolution2DTransposeBias', 'MaxPoolingWithArgmax2D', 'MaxUnpooling2D', 'Mfcc', 'NumericVerify'],
  'TFLite_Detection_PostProcess',
]

function requireKnown(ops: readonly string[]): void {
  const unknown = ops.filter((op) => !customOps.includes(op)).map(quotedName)
  if (unknown.length > 0) throw new ModelRefused(`it needs custom ops that the library does not have: ${unknown.join(', ')}`)
}

async function run(
  server: ModelServer,
  current: Current | null,
  request: Extract<ModelRequest, { kind: 'infer' | 'time' }>,
): Promise<ModelReply> {
  if (!current) throw new Error('no model was loaded')
  const { model, says, file } = current
  return naming(server, file, async () => {
    if (request.kind === 'time') return { kind: 'timed', timesMs: await time(server.runtime, current, request) }
    checkInputs(server.runtime, says.inputs, request.inputs)
    model.feed(toBytes(request.inputs))
    await model.invoke()
    return { kind: 'inferred', outputs: toTensors(model.outputs(), says.outputs) }
  })
}

async function time(
  runtime: string,
  { model, says }: Current,
  { runs, inputs }: Extract<ModelRequest, { kind: 'time' }>,
): Promise<readonly number[]> {
  for (const given of inputs) checkInputs(runtime, says.inputs, given)
  if (inputs.length === 0) model.feed(drawnInputs(says.inputs))
  const prepare = inputs.length === 0 ? undefined : (run: number) => model.feed(toBytes(inputs[run % inputs.length]!))
  return timeRuns({ invoke: () => model.invoke(), prepare }, runs)
}

/** Whatever goes wrong with a model that has no name of its own is the model's fault: damaged files fail in many ways. */
async function naming<T>({ runtime }: ModelServer, file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isMnasError(error)) throw error
    const cause = error instanceof Error ? error.message : String(error)
    throw tfliteErrors.MNAS_RUNTIME_MODEL({ runtime, file, cause }, error)
  }
}

/** @throws MNAS_RUNTIME_INPUT */
function checkInputs(runtime: string, declared: readonly FileTensor[], inputs: Tensors): void {
  for (const input of declared) {
    const tensor = inputs[input.name]
    const expected = describe(input)
    const received = tensor ? describe(tensor) : 'none'
    if (received !== expected || tensor?.data.byteLength !== bytesOf(input))
      throw tfliteErrors.MNAS_RUNTIME_INPUT({ runtime, input: input.name, expected, received })
  }
}

const describe = ({ dtype, shape }: Pick<FileTensor, 'dtype' | 'shape'>) => `${dtype} [${shape.join(', ')}]`

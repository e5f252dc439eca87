import type { Tensor, Tensors } from '@mnas/core/contracts'
import { isMnasError, toErrorRecord } from '@mnas/core/errors'
import { typedArrays } from '@mnas/core/weights'
import { tfliteErrors } from '../errors.js'
import type { LoadedModel } from './loaded-model.js'
import type { LoadRequest, ModelReply, ModelRequest } from './protocol.js'
import { timeRuns } from './time-runs.js'

export interface ModelServer {
  readonly runtime: string
  load(request: LoadRequest): Promise<LoadedModel>
  /** Whether the native library can be loaded. Throws why not. */
  probe?(library: string): Promise<void>
}

/** The life of a model process: answers its parent's requests one after the other, and ends with it. */
export function serveModel(server: ModelServer): void {
  let queue = Promise.resolve()
  let current: { readonly model: LoadedModel; readonly file: string } | null = null

  const answer = async (request: ModelRequest): Promise<ModelReply> => {
    switch (request.kind) {
      case 'probe':
        await server.probe?.(request.library)
        return { kind: 'probed' }
      case 'load':
        current = { model: await load(server, request), file: request.file }
        return { kind: 'loaded' }
      case 'infer':
      case 'time':
        return run(server.runtime, current, request)
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

async function load(server: ModelServer, request: LoadRequest): Promise<LoadedModel> {
  try {
    return await server.load(request)
  } catch (error) {
    throw refusal(server.runtime, request.file, error)
  }
}

async function run(
  runtime: string,
  current: { readonly model: LoadedModel; readonly file: string } | null,
  request: Extract<ModelRequest, { kind: 'infer' | 'time' }>,
): Promise<ModelReply> {
  if (!current) throw new Error('no model was loaded')
  const { model, file } = current
  const inputs = request.kind === 'infer' ? request.inputs : patternInputs(model)
  checkInputs(runtime, model, inputs)
  try {
    model.feed(inputs)
    if (request.kind === 'time') return { kind: 'timed', timesMs: await timeRuns(() => model.invoke(), request.runs) }
    await model.invoke()
    return { kind: 'inferred', outputs: model.outputs() }
  } catch (error) {
    throw refusal(runtime, file, error)
  }
}

/** Whatever goes wrong with a model that has no name of its own is the model's fault: damaged files fail in many ways. */
function refusal(runtime: string, file: string, error: unknown): unknown {
  if (isMnasError(error)) return error
  const cause = error instanceof Error ? error.message : String(error)
  return tfliteErrors.MNAS_RUNTIME_MODEL({ runtime, file, cause }, error)
}

/** @throws MNAS_RUNTIME_INPUT */
function checkInputs(runtime: string, model: LoadedModel, inputs: Tensors): void {
  for (const [input, spec] of Object.entries(model.inputs)) {
    const tensor: Tensor | undefined = inputs[input]
    const expected = describe(spec.dtype, spec.shape)
    const received = tensor ? describe(tensor.dtype, tensor.shape) : 'none'
    const length = spec.shape.reduce((product, axis) => product * axis, 1)
    if (received !== expected || tensor?.data.length !== length) {
      throw tfliteErrors.MNAS_RUNTIME_INPUT({ runtime, input, expected, received })
    }
  }
}

const describe = (dtype: string, shape: readonly number[]) => `${dtype} [${shape.join(', ')}]`

/** Inputs to time with: values spread over [−1, 1), so that no shortcut for zeros or denormals is measured. */
function patternInputs(model: LoadedModel): Tensors {
  const fill = (position: number) => ((position * 0.618033988749895) % 1) * 2 - 1
  const tensors = Object.entries(model.inputs).map(([name, { dtype, shape }]) => {
    const length = shape.reduce((product, axis) => product * axis, 1)
    const value = (position: number) =>
      dtype === 'float32' ? fill(position) : Math.floor((fill(position) + (dtype === 'int8' ? 0 : 1)) * 128)
    const data = new typedArrays[dtype](length).map((_, position) => value(position))
    return [name, { dtype, shape, data }] as const
  })
  return Object.fromEntries(tensors)
}

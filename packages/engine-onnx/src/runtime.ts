import type { Tensor, TensorSpec, Tensors } from '@mnas/core/contracts'
import { contractErrors, isMnasError } from '@mnas/core/errors'
import type * as Ort from 'onnxruntime-node'
import { sessionRefusal } from './accelerators/availability.js'
import { type CompilePlan, type SessionPlan, sessionOptions } from './accelerators/session-options.js'
import { engineOnnxErrors } from './errors.js'
import { encodeModel } from './onnx/encode.js'
import { type OnnxModel, sizeOf } from './onnx/tensor.js'

export type OrtTensor = Ort.Tensor
/** A compiled ONNX model. */
export type OrtSession = Ort.InferenceSession

/**
 * onnxruntime-node, loaded when the first session is made: it maps 45 MB. Its newer binaries for Linux and macOS send usage data to
 * their maker unless this variable is set before they are loaded; what a user trains is nobody's business (docs/adr/0002).
 */
async function loadRuntime(): Promise<typeof Ort> {
  process.env['ORT_DISABLE_TELEMETRY'] = '1'
  try {
    return await import('onnxruntime-node')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0]! : String(cause)
    throw engineOnnxErrors.MNAS_ENGINE_UNAVAILABLE({ reason }, cause)
  }
}

/** The execution providers that this build of onnxruntime-node has, by its own names. */
export async function listProviders(): Promise<readonly string[]> {
  const { listSupportedBackends } = await loadRuntime()
  return listSupportedBackends().map(({ name }) => name)
}

/** Compiles a model; whatever onnxruntime says is thrown as it is. */
export async function createSession(model: OnnxModel, plan: SessionPlan): Promise<OrtSession> {
  // Products in the precision of the CPU's: cuBLAS and cuDNN would round to TF32. Who prefers their speed sets the variable.
  if (plan.accelerator === 'cuda') process.env['NVIDIA_TF32_OVERRIDE'] ??= '0'
  const { InferenceSession } = await loadRuntime()
  return InferenceSession.create(encodeModel(model), sessionOptions(model, plan))
}

/**
 * Compiles a model for the plan's accelerator.
 * @param options.onDevice outputs that stay on the device
 * @throws MNAS_ENGINE_ACCELERATOR when the device is not there any more, or cannot compute this model
 */
export async function compileModel(
  model: OnnxModel,
  plan: CompilePlan,
  { waiting = 'sleep', onDevice = [] }: Partial<Pick<SessionPlan, 'waiting' | 'onDevice'>> = {},
): Promise<OrtSession> {
  const { accelerator = 'cpu' } = plan
  try {
    return await createSession(model, { ...plan, waiting, onDevice })
  } catch (error) {
    if (accelerator === 'cpu' || isMnasError(error)) throw error
    throw await sessionRefusal(accelerator, error)
  }
}

/** Makes tensors over memory that the caller owns: nothing is copied. */
export type WrapFloats = (data: Float32Array, shape: readonly number[]) => OrtTensor

export async function floatTensors(): Promise<WrapFloats> {
  const { Tensor } = await loadRuntime()
  return (data, shape) => new Tensor('float32', data, [...shape])
}

/** The batch's tensors as the feeds of a session. @throws MNAS_ENGINE_INPUT when one is missing or misshapen */
export function feedInputs(
  wrap: WrapFloats,
  specs: Readonly<Record<string, TensorSpec>>,
  batchSize: number,
  inputs: Tensors,
  nameOf: (name: string) => string,
): Record<string, OrtTensor> {
  const feeds = Object.entries(specs).map(([name, spec]) => {
    const shape = spec.batched ? [batchSize, ...spec.shape] : spec.shape
    const data = floats(name, shape, inputs[name])
    return [nameOf(name), wrap(data, spec.batched ? shape : [1, ...shape])] as const
  })
  return Object.fromEntries(feeds)
}

function floats(name: string, shape: readonly number[], tensor: Tensor | undefined): Float32Array {
  const fits = tensor && tensor.shape.join() === shape.join() && tensor.data.length === sizeOf(shape)
  if (!fits) {
    const received = tensor ? `[${tensor.shape}] with ${tensor.data.length} values` : 'nothing'
    throw contractErrors.MNAS_ENGINE_INPUT({ name, expected: `[${shape}]`, received })
  }
  return tensor.data instanceof Float32Array ? tensor.data : Float32Array.from(tensor.data)
}

/** A parameter's values. @throws MNAS_ENGINE_WEIGHTS when it is missing or misshapen */
export function weightValues(name: string, shape: readonly number[], tensor: Tensor | undefined): Float32Array {
  const fits =
    tensor?.data instanceof Float32Array && tensor.shape.join() === shape.join() && tensor.data.length === sizeOf(shape)
  if (fits) return tensor.data as Float32Array
  const received = tensor ? `${tensor.dtype} [${tensor.shape}]` : 'nothing'
  throw contractErrors.MNAS_ENGINE_WEIGHTS({ name, expected: `float32 [${shape}]`, received })
}

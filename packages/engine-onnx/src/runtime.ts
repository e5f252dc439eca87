import type { ExecutionPlan, Tensor, TensorSpec, Tensors } from '@mnas/core/contracts'
import { contractErrors } from '@mnas/core/errors'
import type * as Ort from 'onnxruntime-node'
import { engineOnnxErrors } from './errors.js'
import { encodeModel } from './onnx/encode.js'
import { type OnnxModel, sizeOf } from './onnx/tensor.js'

export type OrtTensor = Ort.Tensor
/** A compiled ONNX model. */
export type OrtSession = Ort.InferenceSession

/** Severity "error": warnings about the inputs of an ONNX graph mean nothing to a user. */
const logErrors = 3

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

/**
 * What a thread does between two pieces of a node's work. Spinning makes a step 6–16 % faster on a quiet machine (bench/training: 1.13 → 1.34 times
 * PyTorch at 96 px), one data worker beside it included, and up to twice as slow where other programs want the processor.
 */
export type Waiting = 'spin' | 'sleep'

/**
 * Compiles a model for the CPU. The arena and the memory pattern are off: with shapes that never change malloc serves as well, and the peak
 * is half as high.
 */
export async function compileModel(
  model: OnnxModel,
  { threads, mode }: Pick<ExecutionPlan, 'threads' | 'mode'>,
  waiting: Waiting = 'sleep',
): Promise<OrtSession> {
  const { InferenceSession } = await loadRuntime()
  return InferenceSession.create(encodeModel(model), {
    executionProviders: ['cpu'],
    // The level above tries other layouts. The fast mode has chosen its own: looking for more only makes the session slower to create.
    graphOptimizationLevel: mode === 'fast' ? 'extended' : 'all',
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableCpuMemArena: false,
    enableMemPattern: false,
    logSeverityLevel: logErrors,
    extra: { session: { intra_op: { allow_spinning: waiting === 'spin' ? '1' : '0' } } },
  })
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

import type * as Ort from 'onnxruntime-node'
import { engineOnnxErrors } from '../errors.js'

export type OrtTensor = Ort.Tensor
/** A compiled ONNX model. */
export type OrtSession = Ort.InferenceSession

/**
 * onnxruntime-node, loaded when the first session is made: it maps 45 MB. Its newer binaries for Linux and macOS send usage data to
 * their maker unless this variable is set before they are loaded; what a user trains is nobody's business (docs/adr/0002).
 */
export async function loadRuntime(): Promise<typeof Ort> {
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

/** Makes tensors over memory that the caller owns: nothing is copied. */
export type WrapFloats = (data: Float32Array, shape: readonly number[]) => OrtTensor

export async function floatTensors(): Promise<WrapFloats> {
  const { Tensor } = await loadRuntime()
  return (data, shape) => new Tensor('float32', data, [...shape])
}

import type { Tensor, TensorSpec, Tensors } from '@mnas/core/contracts'
import { contractErrors } from '@mnas/core/errors'
import { sizeOf } from '../onnx/tensor.js'
import type { OrtTensor, WrapFloats } from './load-runtime.js'

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

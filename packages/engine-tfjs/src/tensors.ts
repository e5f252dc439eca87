import type { Tensor, TensorSpec } from '@mnas/core/contracts'
import { contractErrors } from '@mnas/core/errors'
import { inverse, type PlacedParameter, permuted, transposed } from './layout.js'
import type { TensorFlow, TfTensor } from './tensorflow/tensorflow.js'

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1)

/** A spec's shape with the batch in front. */
export const fullShape = ({ shape, batched }: Pick<TensorSpec, 'shape' | 'batched'>, batch: number): number[] =>
  batched ? [batch, ...shape] : [...shape]

/** An input of the batch. @throws MNAS_ENGINE_INPUT when it is missing or misshapen */
export function inputTensor(tf: TensorFlow, name: string, shape: readonly number[], tensor: Tensor | undefined): TfTensor {
  if (!tensor || !fits(tensor, shape)) {
    const received = tensor ? `[${tensor.shape}] with ${tensor.data.length} values` : 'nothing'
    throw contractErrors.MNAS_ENGINE_INPUT({ name, expected: `[${shape}]`, received })
  }
  return tf.tensor(tensor.data instanceof Float32Array ? tensor.data : Float32Array.from(tensor.data), [...shape], 'float32')
}

/** A parameter's values in TensorFlow's order, a copy. @throws MNAS_ENGINE_WEIGHTS when they are missing or misshapen */
export function parameterValues({ name, shape, axes }: PlacedParameter, tensor: Tensor | undefined, called = name): Float32Array {
  if (!tensor || !(tensor.data instanceof Float32Array) || !fits(tensor, shape)) {
    const received = tensor ? `${tensor.dtype} [${tensor.shape}]` : 'nothing'
    throw contractErrors.MNAS_ENGINE_WEIGHTS({ name: called, expected: `float32 [${shape}]`, received })
  }
  return transposed(tensor.data, shape, axes)
}

/** Values in TensorFlow's order as a kept tensor. */
export const parameterTensor = (tf: TensorFlow, { shape, axes }: PlacedParameter, values: Float32Array): TfTensor =>
  tf.keep(tf.tensor(values, permuted(shape, axes), 'float32'))

/** A parameter as the contract names its axes, a copy. */
export function parameterOf({ shape, axes }: PlacedParameter, tensor: TfTensor): Tensor {
  return { dtype: 'float32', shape, data: transposed(tensor.dataSync(), permuted(shape, axes), inverse(axes)) }
}

/** A result, a copy. */
export const resultOf = (tensor: TfTensor, shape: readonly number[]): Tensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(tensor.dataSync()),
})

const fits = (tensor: Tensor, shape: readonly number[]): boolean =>
  tensor.shape.join() === shape.join() && tensor.data.length === sizeOf(shape)

export type DType = 'float32' | 'int32' | 'uint8' | 'int8'

/** Shape NHWC without the batch; `batched: false` = one value for the whole batch (a loss, a number of matches). */
export interface TensorSpec {
  readonly shape: readonly number[]
  readonly dtype: DType
  readonly batched: boolean
}

/** A value. Its shape includes the batch in front when its spec is batched. */
export interface Tensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array | Uint8Array | Int8Array
}

/**
 * Tensors by input, output or parameter name.
 * A parameter is `${node}.${kernel|bias|gamma|beta|movingMean|movingVariance}`, whatever a rewrite does to the graph.
 * Kernels are OIHW, depthwise [C, 1, kh, kw], dense [out, in].
 */
export type Tensors = Readonly<Record<string, Tensor>>

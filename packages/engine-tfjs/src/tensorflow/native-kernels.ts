import type { TensorFlow, TfTensor, TfTensor4D } from './tensorflow.js'

/** TensorFlow's own kernels, for what TensorFlow.js would put together from several. Each has its gradient. */
export interface NativeKernels {
  /** Batch statistics over all but the last axis: y, mean, and the variance with M/(M − 1). The last two are kept: the caller disposes them. */
  fusedBatchNorm(x: TfTensor4D, gamma: TfTensor, beta: TfTensor, epsilon: number): FusedBatchNorm
  relu(x: TfTensor): TfTensor
  relu6(x: TfTensor): TfTensor
}

export interface FusedBatchNorm {
  readonly y: TfTensor
  readonly mean: TfTensor
  readonly variance: TfTensor
}

interface Attribute {
  readonly name: string
  readonly type: number
  readonly value: unknown
}

/** The part of tfjs-node's backend that calls a kernel by its TensorFlow name. */
interface NodeBackend {
  readonly binding: Readonly<Record<`TF_ATTR_${'TYPE' | 'FLOAT' | 'STRING' | 'BOOL'}` | 'TF_FLOAT', number>>
  executeSingleOutput(name: string, attributes: readonly Attribute[], inputs: readonly TfTensor[]): TfTensor
  executeMultipleOutputs(name: string, attributes: readonly Attribute[], inputs: readonly TfTensor[], outputs: number): TfTensor[]
}

/** @param tf with tfjs-node's backend chosen */
export function nativeKernels(tf: TensorFlow): NativeKernels {
  const backend = tf.backend() as unknown as NodeBackend
  const { binding } = backend
  const float = (name: string): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT })
  return {
    fusedBatchNorm: fusedBatchNorm(tf, backend, float),
    relu: clipped(
      tf,
      (x) => tf.relu(x),
      (dy, y) => backend.executeSingleOutput('ReluGrad', [float('T')], [dy, y]),
    ),
    relu6: clipped(
      tf,
      (x) => tf.relu6(x),
      (dy, y) => backend.executeSingleOutput('Relu6Grad', [float('T')], [dy, y]),
    ),
  }
}

/**
 * FusedBatchNormV3 in training mode and its gradient. Outputs: y, the batch mean, the batch variance with M/(M − 1), and three reserves
 * that only the gradient reads.
 */
function fusedBatchNorm(
  tf: TensorFlow,
  backend: NodeBackend,
  float: (name: string) => Attribute,
): NativeKernels['fusedBatchNorm'] {
  const { binding } = backend
  return (x, gamma, beta, epsilon) => {
    const attributes = [
      float('T'),
      float('U'),
      { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
      { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
      { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
    ]
    const averaging = { name: 'exponential_avg_factor', type: binding.TF_ATTR_FLOAT, value: 1 }
    let statistics: readonly TfTensor[] = []
    const normalise = tf.customGrad((...passed) => {
      const [input, scale, shift, save] = passed as unknown as [TfTensor, TfTensor, TfTensor, (tensors: TfTensor[]) => void]
      const none = tf.tensor1d([], 'float32')
      const outputs = backend.executeMultipleOutputs(
        'FusedBatchNormV3',
        [...attributes, averaging],
        [input, scale, shift, none, none],
        6,
      )
      const [y, mean, variance, ...reserves] = outputs as [TfTensor, TfTensor, TfTensor, ...TfTensor[]]
      statistics = [tf.keep(mean), tf.keep(variance)]
      save([input, scale, ...reserves])
      const gradFunc = (dy: TfTensor, saved: TfTensor[]) =>
        backend.executeMultipleOutputs('FusedBatchNormGradV3', attributes, [dy, ...saved], 5).slice(0, 3)
      return { value: y, gradFunc }
    })
    const y = normalise(x, gamma, beta)
    return { y, mean: statistics[0]!, variance: statistics[1]! }
  }
}

/** A clipping activation with TensorFlow's own gradient, which reads the output. */
function clipped(
  tf: TensorFlow,
  forward: (x: TfTensor) => TfTensor,
  backward: (dy: TfTensor, y: TfTensor) => TfTensor,
): (x: TfTensor) => TfTensor {
  return tf.customGrad((...passed) => {
    const [x, save] = passed as unknown as [TfTensor, (tensors: TfTensor[]) => void]
    const y = forward(x)
    save([y])
    return { value: y, gradFunc: (dy: TfTensor, saved: TfTensor[]) => backward(dy, saved[0]!) }
  })
}

import type { GraphNodeOf, Op, ParameterRole, TensorSpec } from '@mnas/core/contracts'
import type { Runtime } from '../tensorflow/runtime.js'
import type { TfTensor } from '../tensorflow/tensorflow.js'

/** A value: its tensor has the batch in front when its spec is batched. */
export interface Operand {
  readonly tensor: TfTensor
  readonly spec: Pick<TensorSpec, 'shape' | 'batched'>
}

/** What an operator sees of the place where it stands. */
export interface Site<K extends Op> extends Pick<Runtime, 'tf' | 'native'> {
  readonly node: GraphNodeOf<K>
  readonly batch: number
  readonly inputs: readonly Operand[]
  /** Which of its two meanings a batchNorm or dropout takes. */
  readonly mode: 'training' | 'inference'
  /** Kernels in TensorFlow's order. */
  parameter(role: ParameterRole): TfTensor
  /** The dropout mask; null where dropout is off (batch statistics). */
  mask(): TfTensor | null
  /** Hands over a batch norm's mean and M/(M − 1) variance, [channels], both kept. */
  batchStatistics(mean: TfTensor, variance: TfTensor): void
}

/**
 * One op of the Graph in TensorFlow.js, which knows the gradients. Returns a new tensor of the node's full shape, never an operand itself:
 * operands are freed when nobody reads them any more.
 */
export type Operator<K extends Op> = (site: Site<K>) => TfTensor

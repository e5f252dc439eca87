import type { GraphNodeOf, Op } from '../../contracts/index.js'
import type { Value } from './value.js'

/** Everything one node's computation sees. */
export interface Call<K extends Op> {
  readonly node: GraphNodeOf<K>
  readonly inputs: readonly Value[]
  /** Zero-filled, of the node's shape: what the operator writes. */
  readonly output: Value
  readonly training: boolean
  /** The node's parameter of that kind (`kernel`, `bias`, `gamma`…), of that shape. */
  parameter(kind: string, shape: readonly number[]): Float64Array
  /** The node's dropout mask, of the output's shape. */
  mask(): Float64Array
  /** Records what a training-mode batchNorm saw: batch mean and M/(M − 1) variance. */
  recordStatistics(mean: Float64Array, variance: Float64Array): void
}

/** Computes one node into `call.output`. */
export type Operator<K extends Op> = (call: Call<K>) => void

import type { Op, TensorSpec } from '@mnas/core/contracts'
import type { LayerOf } from '@mnas/core/graph'
import type { TfliteOperator } from '../flatbuffer/model.js'
import { type ModelBuilder, tfliteShape } from './model-builder.js'

/** A layer's input: its tensor, and what the graph says about it. */
export interface Operand {
  readonly tensor: number
  readonly spec: TensorSpec
}

export interface Emission<K extends Op> {
  readonly layer: LayerOf<K>
  readonly inputs: readonly Operand[]
  readonly builder: ModelBuilder
}

/** Writes one layer as TFLite operators. @returns the tensor of its value */
export type Emitter<K extends Op> = (emission: Emission<K>) => number

/** Adds the operator that computes the layer's value. @returns that tensor, named as the layer */
export function emitResult<K extends Op>(
  { layer, builder }: Emission<K>,
  operator: Omit<TfliteOperator, 'outputs' | 'version'> & { readonly version?: number },
): number {
  const output = builder.value(layer.id, tfliteShape(layer.node), layer.node.dtype)
  builder.add({ ...operator, outputs: [output] })
  return output
}

/**
 * An operand that TFLite broadcasts as the graph does. TFLite aligns whole shapes at the right; the graph aligns one example's. With a batch of 1
 * the two agree, but for an unbatched operand with as many axes as one example: it needs the batch axis, for it may be the one that decides
 * how many axes the value has.
 */
export function alignedOperand<K extends Op>({ layer, builder }: Emission<K>, { tensor, spec }: Operand): number {
  if (spec.batched || !layer.node.batched || spec.shape.length < layer.node.shape.length) return tensor
  return builder.reshaped(`${layer.id}.aligned`, tensor, [1, ...spec.shape])
}

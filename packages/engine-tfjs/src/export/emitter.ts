import type { Op, TensorSpec } from '@mnas/core/contracts'
import type { LayerOf } from '@mnas/core/graph'
import type { GraphDefBuilder } from './graph-builder.js'

/** A layer's input: the name of its node, and what the graph says about it. */
export interface Operand {
  readonly name: string
  readonly spec: TensorSpec
}

export interface Emission<K extends Op> {
  readonly layer: LayerOf<K>
  readonly inputs: readonly Operand[]
  readonly builder: GraphDefBuilder
}

/** Writes one layer as TensorFlow ops. @returns the name of the node that has its value */
export type Emitter<K extends Op> = (emission: Emission<K>) => string

/** TensorFlow's shape of a value: any batch in front of what is per example. */
export const anyBatch = ({ shape, batched }: Pick<TensorSpec, 'shape' | 'batched'>): readonly number[] =>
  batched ? [-1, ...shape] : shape

/** The same values under another shape, of which one length may be −1. */
export function reshaped(builder: GraphDefBuilder, name: string, input: string, shape: readonly number[]): string {
  return builder.op(name, 'Reshape', [input, builder.integers(`${name}.shape`, shape)], {
    T: { type: 'DT_FLOAT' },
    Tshape: { type: 'DT_INT32' },
  })
}

import type { Op, OpAttributes, TensorSpec } from '@mnas/core/contracts'
import { GraphBuilder } from '@mnas/core/graph'
import { interpret, type Value } from '@mnas/core/testing'

export interface Input {
  /** With the batch in front. */
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

/** One op on batched inputs `x0`, `x1`, …, as node `op`. */
export function graphOf<K extends Op>(op: K, attributes: OpAttributes[K], inputs: readonly Input[]) {
  const builder = new GraphBuilder()
  for (const [position, { shape }] of inputs.entries()) {
    const spec: TensorSpec = { shape: shape.slice(1), dtype: 'float32', batched: true }
    builder.input(`x${position}`, spec)
  }
  const names = inputs.map((_, position) => `x${position}`)
  builder.add(op, { id: 'op', inputs: names, attributes, origin: { block: 'head', layer: 0, role: 'test' } })
  builder.output('y', 'op')
  return builder.build()
}

export function interpretOne<K extends Op>(
  op: K,
  attributes: OpAttributes[K],
  inputs: readonly Input[],
  weights: Readonly<Record<string, Input>> = {},
  mode: 'training' | 'inference' = 'inference',
): Value {
  const graph = graphOf(op, attributes, inputs)
  const named = Object.fromEntries(inputs.map((input, position) => [`x${position}`, input]))
  const own = Object.fromEntries(Object.entries(weights).map(([kind, value]) => [`op.${kind}`, value]))
  return interpret(graph, { inputs: named, weights: own, mode }).outputs['y']!
}

export function numbers(value: Value): readonly number[] {
  return Array.from(value.data)
}

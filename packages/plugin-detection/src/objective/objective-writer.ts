import type { ObjectiveGraph, Op, OpAttributes, TensorSpec } from '@mnas/core/contracts'
import { GraphBuilder } from '@mnas/core/graph'

/** Writes an objective's nodes, `objective.NAME`. */
export class ObjectiveWriter {
  readonly #graph = new GraphBuilder()

  /** A tensor with the batch in front. */
  input(name: string, ...shape: readonly number[]): string {
    const spec: TensorSpec = { shape, dtype: 'float32', batched: true }
    return this.#graph.input(name, spec)
  }

  node<K extends Op>(op: K, name: string, inputs: readonly string[], attributes: OpAttributes[K]): string {
    const origin = { block: 'objective', layer: 0, role: name } as const
    return this.#graph.add(op, { id: `objective.${name}`, inputs, attributes, origin })
  }

  /** An op without attributes. */
  of(op: 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'less' | 'select', name: string, ...inputs: string[]): string {
    return this.node(op, name, inputs, {})
  }

  constant(name: string, ...values: readonly number[]): string {
    return this.node('constant', name, [], { values })
  }

  sum(name: string, input: string, axis: number, keepDims = false): string {
    return this.node('reduceSum', name, [input], { axes: [axis], keepDims })
  }

  /** Of values [n]: their sum over the examples of the batch too. */
  total(name: string, input: string): string {
    return this.node('batchSum', name, [this.sum(`${name}.example`, input, 0)], {})
  }

  build(outputs: Readonly<Record<string, string>>): ObjectiveGraph {
    for (const [name, id] of Object.entries(outputs)) this.#graph.output(name, id)
    return this.#graph.build()
  }
}

import type { Graph, GraphNode, Op, TensorSpec } from '../../contracts/index.js'
import { testingErrors } from '../errors.js'
import type { Call, Operator } from './operator.js'
import { operators } from './operators.js'
import { fullShape, sizeOf, type TensorLike, type Value } from './value.js'

export interface InterpretOptions {
  /** Graph inputs by name. Batched ones have the same batch in front. */
  readonly inputs: Readonly<Record<string, TensorLike>>
  /** Parameters by name; running statistics are only read in inference. */
  readonly weights: Readonly<Record<string, TensorLike>>
  readonly mode: 'training' | 'inference'
  /** Training: the mask (0 or 1/(1 − rate)) of each dropout node by its id, with the batch in front. */
  readonly masks?: Readonly<Record<string, TensorLike>>
  /** Values by node id that are taken as they are instead of being computed. */
  readonly given?: Readonly<Record<string, Value>>
}

export interface Interpretation {
  /** By node id and graph input. */
  readonly values: Readonly<Record<string, Value>>
  /** By the graph's output names. */
  readonly outputs: Readonly<Record<string, Value>>
  /** Training: `${node}.movingMean` and `${node}.movingVariance` (M/(M − 1)) of each batchNorm's input. */
  readonly batchStatistics: Readonly<Record<string, Value>>
}

/**
 * The definition of every op: computes a graph in plain float64 loops, node by node, keeping every value.
 * Engines, exporters and runtimes are compared with it. Clear before fast: a MnasNet-A1 at 96 px takes about a second.
 * @throws MNAS_INTERPRETER_TENSOR for a missing or misshapen input, weight or mask
 */
export function interpret(graph: Graph, options: InterpretOptions): Interpretation {
  const batch = batchOf(graph, options)
  const values: Record<string, Value> = {}
  const batchStatistics: Record<string, Value> = {}
  for (const [name, spec] of Object.entries(graph.inputs)) {
    const data = tensor(options.inputs, name, fullShape(spec, batch))
    values[name] = { shape: fullShape(spec, batch), batched: spec.batched, data }
  }
  for (const node of graph.nodes) {
    const given = options.given?.[node.id]
    if (given) {
      values[node.id] = given
      continue
    }
    const inputs = node.inputs.map((id) => values[id]!)
    values[node.id] = compute(node, inputs, batch, options, batchStatistics)
  }
  const outputs = Object.fromEntries(Object.entries(graph.outputs).map(([name, id]) => [name, values[id]!]))
  return { values, outputs, batchStatistics }
}

function compute(
  node: GraphNode,
  inputs: readonly Value[],
  batch: number,
  options: InterpretOptions,
  statistics: Record<string, Value>,
): Value {
  const shape = fullShape(node, batch)
  const output = { shape, batched: node.batched, data: new Float64Array(sizeOf(shape)) }
  const unbatched = (data: Float64Array): Value => ({ shape: [data.length], batched: false, data })
  const call = {
    inputs,
    output,
    training: options.mode === 'training',
    parameter: (kind: string, expected: readonly number[]) => tensor(options.weights, `${node.id}.${kind}`, expected),
    mask: () => tensor(options.masks ?? {}, node.id, shape),
    recordStatistics: (mean: Float64Array, variance: Float64Array) => {
      statistics[`${node.id}.movingMean`] = unbatched(mean)
      statistics[`${node.id}.movingVariance`] = unbatched(variance)
    },
  }
  // The table's types tie each op to its own attributes; TypeScript cannot follow that through a lookup by a union.
  const operator = operators[node.op] as Operator<Op>
  operator({ ...call, node } as Call<Op>)
  return output
}

/** The batch is what stands in front of the first batched input. */
function batchOf(graph: Graph, options: InterpretOptions): number {
  for (const [name, spec] of Object.entries(graph.inputs)) {
    const first = spec.batched ? options.inputs[name]?.shape[0] : undefined
    if (first !== undefined) return first
  }
  return 1
}

function tensor(from: Readonly<Record<string, TensorLike>>, name: string, expected: TensorSpec['shape']): Float64Array {
  const found = from[name]
  const fits =
    found?.shape.length === expected.length &&
    found.shape.every((length, axis) => length === expected[axis]) &&
    found.data.length === sizeOf(expected)
  if (!found || !fits) throw testingErrors.MNAS_INTERPRETER_TENSOR({ name, expected, received: found?.shape ?? null })
  return found.data instanceof Float64Array ? found.data : Float64Array.from(found.data)
}

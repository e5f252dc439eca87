import type { Graph, GraphNode, GraphNodeOf, Op } from '@mnas/core/contracts'
import type { Emitter } from '../onnx/emitter.js'
import type { OnnxTensor } from '../onnx/tensor.js'
import type { ParameterRole, Reverse, Site } from '../ops/operator.js'
import { operatorOf } from '../ops/registry.js'
import { plainValue, type Value } from '../ops/value.js'

export interface TraceOptions {
  readonly g: Emitter
  readonly graph: Graph
  readonly batch: number
  readonly mode: 'training' | 'inference'
  /** The ONNX tensor of a parameter, by `${node}.${role}`; called only for those that are used. */
  parameter(name: string): OnnxTensor
  mask(node: GraphNodeOf<'dropout'>): OnnxTensor | null
}

/** The reverse pass of one node with its op's type put away. */
export type ReverseNode = (site: {
  readonly outputGradient: Value
  readonly needed: readonly boolean[]
  trains(role: ParameterRole): boolean
  parameterGradient(role: ParameterRole, gradient: OnnxTensor): void
}) => readonly (Value | null)[]

/** A graph run forward once, symbolically. */
export interface Trace {
  /** By node id or graph input. */
  readonly values: ReadonlyMap<string, Value>
  readonly reverses: ReadonlyMap<string, ReverseNode>
  /** By parameter name: `${node}.movingMean`, `${node}.movingVariance`; training mode only. */
  readonly batchStatistics: ReadonlyMap<string, OnnxTensor>
}

/** Emits the forward pass of a graph. */
export function trace(options: TraceOptions): Trace {
  const { g, graph, batch } = options
  const values = new Map<string, Value>()
  const reverses = new Map<string, ReverseNode>()
  const batchStatistics = new Map<string, OnnxTensor>()
  for (const [name, spec] of Object.entries(graph.inputs)) {
    values.set(name, plainValue(g.input(`input/${name}`, [spec.batched ? batch : 1, ...spec.shape])))
  }
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((id) => values.get(id)!)
    const { output, reverse } = forward(options, node, inputs, batchStatistics)
    values.set(node.id, output)
    if (reverse) reverses.set(node.id, reverse)
  }
  return { values, reverses, batchStatistics }
}

function forward<K extends Op>(
  { g, mode, parameter, mask }: TraceOptions,
  node: GraphNodeOf<K>,
  inputs: readonly Value[],
  batchStatistics: Map<string, OnnxTensor>,
): { readonly output: Value; readonly reverse: Reverse<K> | null } {
  const site: Site<K> = {
    g,
    node,
    inputs,
    mode,
    parameter: (role) => parameter(`${node.id}.${role}`),
    mask: () => (isDropout(node) ? mask(node) : null),
    batchStatistics(mean, variance) {
      batchStatistics.set(`${node.id}.movingMean`, mean)
      batchStatistics.set(`${node.id}.movingVariance`, variance)
    },
  }
  return operatorOf<K>(node).forward(site)
}

const isDropout = (node: Pick<GraphNode, 'op'>): node is GraphNodeOf<'dropout'> => node.op === 'dropout'

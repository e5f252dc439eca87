import type { Graph, GraphNode, GraphNodeOf, Op, TensorSpec } from '@mnas/core/contracts'
import { openInputs } from '@mnas/core/graph'
import type { Operand, Operator, Site } from './ops/operator.js'
import { operators } from './ops/operators.js'
import type { Runtime } from './tensorflow/runtime.js'
import type { TfTensor } from './tensorflow/tensorflow.js'
import { fullShape } from './tensors.js'

export interface ForwardOptions extends Pick<Runtime, 'tf' | 'native'> {
  readonly graph: Graph
  readonly batch: number
  readonly mode: 'training' | 'inference'
  /** Of the graph, by name; never freed here. */
  readonly inputs: Readonly<Record<string, TfTensor>>
  /** By `${node}.${role}`, kernels in TensorFlow's order. */
  parameter(name: string): TfTensor
  mask(node: GraphNodeOf<'dropout'>): TfTensor | null
  /** Takes over a batch norm's kept statistics, in training mode. */
  batchStatistics(node: string, mean: TfTensor, variance: TfTensor): void
}

/** Computes the nodes that `wanted` needs and frees each value behind its last reader. @returns the wanted values, by node id or graph input */
export function forward(options: ForwardOptions, wanted: readonly string[]): ReadonlyMap<string, TfTensor> {
  const { tf, graph } = options
  const nodes = neededNodes(graph, wanted)
  const kept = new Set([...Object.keys(graph.inputs), ...wanted])
  const readers = new Map<string, number>()
  for (const id of nodes.flatMap((node) => node.inputs)) readers.set(id, (readers.get(id) ?? 0) + 1)
  const values = startValues(options)
  for (const node of nodes) {
    const operands = node.inputs.map((id) => values.get(id)!)
    values.set(node.id, { tensor: tf.tidy(() => compute(options, node, operands)), spec: node })
    for (const id of node.inputs) {
      const left = readers.get(id)! - 1
      readers.set(id, left)
      if (left === 0 && !kept.has(id)) values.get(id)!.tensor.dispose()
    }
  }
  return new Map(wanted.map((id) => [id, values.get(id)!.tensor]))
}

/**
 * Computes all nodes while TensorFlow.js records them for the gradient. A value is recorded only where a gradient flows: every other reader
 * gets a copy that is unknown to the record (sharing its memory), so that nothing flows back into select's mask, rank, or what no path leads through.
 * @param path ids of the nodes that need a gradient
 * @returns values by node id, and the copies, which the caller disposes
 */
export function recordedForward(options: ForwardOptions, path: ReadonlySet<string>) {
  const { tf, graph } = options
  const values = startValues(options)
  const copies = new Map<string, TfTensor>()
  const unrecorded = (id: string): Operand => {
    const { tensor, spec } = values.get(id)!
    if (!copies.has(id)) copies.set(id, tf.variable(tensor, false))
    return { tensor: copies.get(id)!, spec }
  }
  for (const node of graph.nodes) {
    const open = path.has(node.id) ? openPlaces(node) : () => false
    const operands = node.inputs.map((id, place) => (path.has(id) && !open(place) ? unrecorded(id) : values.get(id)!))
    values.set(node.id, { tensor: tf.tidy(() => compute(options, node, operands)), spec: node })
  }
  return { values, copies: [...copies.values()] }
}

/** Whether a gradient flows through the operand at that place: `openInputs` counted from the end, for a mask stands in front. */
function openPlaces(node: GraphNode): (place: number) => boolean {
  const closed = node.inputs.length - openInputs(node).length
  return (place) => place >= closed
}

function startValues({ graph, inputs }: ForwardOptions): Map<string, Operand> {
  return new Map(Object.entries(graph.inputs).map(([name, spec]) => [name, { tensor: inputs[name]!, spec }]))
}

function neededNodes(graph: Graph, wanted: readonly string[]): readonly GraphNode[] {
  const needed = new Set(wanted)
  for (const node of graph.nodes.toReversed()) if (needed.has(node.id)) for (const id of node.inputs) needed.add(id)
  return graph.nodes.filter((node) => needed.has(node.id))
}

function compute<K extends Op>(options: ForwardOptions, node: GraphNodeOf<K>, inputs: readonly Operand[]): TfTensor {
  const { tf, native, batch, mode } = options
  const site: Site<K> = {
    tf,
    native,
    node,
    batch,
    inputs,
    mode,
    parameter: (role) => options.parameter(`${node.id}.${role}`),
    mask: () => (isDropout(node) ? options.mask(node) : null),
    batchStatistics: (mean, variance) => options.batchStatistics(node.id, mean, variance),
  }
  const operator: Operator<K> = operators[node.op]
  const value = operator(site)
  const shape = fullShape(node as TensorSpec, batch)
  return value.shape.join() === shape.join() ? value : tf.reshape(value, shape)
}

const isDropout = (node: Pick<GraphNode, 'op'>): node is GraphNodeOf<'dropout'> => node.op === 'dropout'

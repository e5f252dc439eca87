import type { Costs, Graph, GraphNodeOf, Op, TensorSpec } from '../../contracts/index.js'
import { elementCount } from '../ops/infer-spec.js'
import { type MacKind, opFacts } from '../ops/op-facts.js'
import { parametersOf } from '../parameters/parameters-of.js'
import { inputChannels, specsOf } from '../specs-of.js'

const bytesPerValue = 4

/** What a graph costs to store and to run on one example, from its shapes alone. */
export function costsOf(graph: Graph): Costs {
  const specs = specsOf(graph)
  const trainable = parametersOf(graph).filter((parameter) => !parameter.statistic)
  return {
    parameters: trainable.reduce((sum, { shape }) => sum + elementCount(shape), 0),
    macs: graph.nodes.reduce((sum, node) => sum + (macsOf(node, inputChannels(node, specs))?.count ?? 0), 0),
    peakMemoryBytes: peakMemoryBytes(graph),
  }
}

/** Multiply-adds of one node for one example; null where none count. @param channels of its first operand */
export function macsOf<K extends Op>(
  node: GraphNodeOf<K>,
  channels: number,
): { readonly kind: MacKind; readonly count: number } | null {
  const macs = opFacts[node.op].macs(node.attributes, channels)
  return macs && { kind: macs.kind, count: elementCount(node.shape) * macs.perValue }
}

/**
 * The most memory for values at once when the nodes run in their order: each lives from its node to its last reader, outputs and inputs included.
 * @param from the node at which to begin to look
 */
export function peakMemoryBytes(graph: Graph, from = 0): number {
  const specs = specsOf(graph)
  const lastUse = new Map<string, number>()
  for (const [position, node] of graph.nodes.entries()) {
    lastUse.set(node.id, position)
    for (const input of node.inputs) lastUse.set(input, position)
  }
  for (const id of Object.values(graph.outputs)) lastUse.set(id, graph.nodes.length)
  const size = (name: string): number => bytesOf(specs.get(name)!)
  let alive = Object.keys(graph.inputs).reduce((sum, name) => sum + size(name), 0)
  let peak = from === 0 ? alive : 0
  for (const [position, node] of graph.nodes.entries()) {
    alive += size(node.id)
    if (position >= from) peak = Math.max(peak, alive)
    for (const name of new Set([node.id, ...node.inputs])) if (lastUse.get(name) === position) alive -= size(name)
  }
  return peak
}

/** Of one example's value while a network runs. */
export const bytesOf = ({ shape }: TensorSpec): number => bytesPerValue * elementCount(shape)

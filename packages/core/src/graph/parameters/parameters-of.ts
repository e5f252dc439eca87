import type { Graph, GraphNodeOf, Op, Parameter, ParameterRole } from '../../contracts/index.js'
import { opFacts, type ParameterFacts } from '../ops/op-facts.js'
import { inputChannels, specsOf } from '../specs-of.js'

/** The parameters of a graph in the order of its nodes, to be initialised as their nodes or else their ops say. */
export function parametersOf(graph: Graph): readonly Parameter[] {
  const specs = specsOf(graph)
  return graph.nodes.flatMap((node) => nodeParameters(node, inputChannels(node, specs)))
}

/** @param channels of the node's first operand */
export function nodeParameters<K extends Op>(node: GraphNodeOf<K>, channels: number): readonly Parameter[] {
  const facts: Readonly<Partial<Record<ParameterRole, ParameterFacts | null>>> = opFacts[node.op].parameters(
    node.attributes,
    channels,
  )
  const entries = Object.entries(facts) as readonly (readonly [ParameterRole, ParameterFacts | null])[]
  return entries.flatMap(([role, fact]) =>
    fact ? [{ ...parameter(node.id, role), ...fact, initializer: node.initializers?.[role] ?? fact.initializer }] : [],
  )
}

const roleFacts: Readonly<Record<ParameterRole, Pick<Parameter, 'decayed' | 'statistic'>>> = {
  kernel: { decayed: true, statistic: false },
  bias: { decayed: true, statistic: false },
  gamma: { decayed: false, statistic: false },
  beta: { decayed: false, statistic: false },
  movingMean: { decayed: false, statistic: true },
  movingVariance: { decayed: false, statistic: true },
}

function parameter(node: string, role: ParameterRole): Omit<Parameter, keyof ParameterFacts> {
  return { name: `${node}.${role}`, node, role, dtype: 'float32', batched: false, ...roleFacts[role] }
}

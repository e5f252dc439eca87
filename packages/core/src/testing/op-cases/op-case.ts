import type { Graph, Op, OpAttributes, Origin, TensorSpec, Tensors } from '../../contracts/index.js'
import { GraphBuilder, initializeWeights } from '../../graph/index.js'
import { randomizedStatistics, randomMasks, randomTensors } from '../random-tensors.js'

/** One op in a graph of its own, with everything that running it takes. */
export interface OpCase {
  readonly name: string
  readonly op: Op
  /** Batched inputs, one batched output `y`. */
  readonly graph: Graph
  readonly batch: number
  readonly inputs: Tensors
  readonly weights: Tensors
  /** Of the dropout nodes, for training. */
  readonly masks: Tensors
  readonly differentiable: boolean
  /** Inputs that stay inputs when gradients are checked: masks of whole numbers. */
  readonly fixed: readonly string[]
}

/** A graph input: its per-example shape and the range its values are drawn from. */
export interface CaseInput {
  readonly shape: readonly number[]
  readonly low?: number
  readonly high?: number
  /** Drawn as whole numbers from low to high − 1. */
  readonly whole?: boolean
}

export interface CaseDefinition<K extends Op> {
  readonly name: string
  readonly op: K
  readonly inputs: Readonly<Record<string, CaseInput>>
  readonly attributes: OpAttributes[K]
  /** What the op reads; default: all inputs in order. May add nodes that make operands which an input cannot be. */
  readonly operands?: (builder: GraphBuilder) => readonly string[]
  /** Behind the op, where its own value is not batched. Returns the id of `y`. */
  readonly after?: (builder: GraphBuilder, id: string) => string
  /** Default true. */
  readonly differentiable?: boolean
}

export const caseOrigin: Origin = { block: 'head', layer: 0, role: 'case' }
const batch = 3

export function defineCase<K extends Op>(definition: CaseDefinition<K>): OpCase {
  const builder = new GraphBuilder()
  for (const [name, input] of Object.entries(definition.inputs)) builder.input(name, specOf(input))
  const operands = definition.operands?.(builder) ?? Object.keys(definition.inputs)
  const { op, attributes } = definition
  const id = builder.add(op, { id: 'op', inputs: operands, attributes, origin: caseOrigin })
  builder.output('y', definition.after?.(builder, id) ?? id)
  const graph = builder.build()
  return {
    name: definition.name,
    op,
    graph,
    batch,
    inputs: drawInputs(definition.inputs),
    weights: randomizedStatistics(initializeWeights(graph, 3), 4),
    masks: randomMasks(graph, { batch, seed: 5 }),
    differentiable: definition.differentiable ?? true,
    fixed: Object.keys(definition.inputs).filter((name) => definition.inputs[name]!.whole),
  }
}

function specOf(input: CaseInput): TensorSpec {
  return { shape: input.shape, dtype: 'float32', batched: true }
}

function drawInputs(inputs: Readonly<Record<string, CaseInput>>): Tensors {
  const drawn = Object.entries(inputs).map(([name, input], position) => {
    const { low = -1, high = 1 } = input
    const tensor = randomTensors({ [name]: specOf(input) }, { batch, seed: 11 + position, low, high })[name]!
    return [name, input.whole ? { ...tensor, data: tensor.data.map(Math.floor) } : tensor] as const
  })
  return Object.fromEntries(drawn)
}

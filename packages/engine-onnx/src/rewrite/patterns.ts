import type { GraphNode, GraphNodeOf, Window } from '@mnas/core/contracts'
import type { Composite } from '../fast/composite.js'
import { depthwiseNormRelu } from '../fast/composites/depthwise-norm-relu.js'
import { expandNormRelu } from '../fast/composites/expand-norm-relu.js'
import { positionRows } from '../fast/composites/position-rows.js'
import { projectNorm } from '../fast/composites/project-norm.js'
import { squeezeExcite } from '../fast/composites/squeeze-excite.js'
import { stem } from '../fast/composites/stem.js'
import { stridedExpansion } from '../fast/composites/strided-expansion.js'
import { type DepthwisePlan, planPhases, planWhole } from '../fast/depthwise/depthwise-plan.js'
import type { ExpansionNodes } from '../fast/expansion/expansion.js'
import { matchOwnEntropy } from './match-own-entropy.js'
import type { Nodes } from './nodes.js'

/** Recognises the composite that ends in a node, or null. */
export type Pattern = (nodes: Nodes, last: GraphNode) => Composite | null

/** Every composite; where several end in one node, the first that fits is taken. */
export const patterns: readonly Pattern[] = [
  matchStridedExpansion,
  matchExpansion,
  matchStem,
  matchDepthwise,
  matchSqueezeExcite,
  matchProjectionWithSkip,
  matchProjection,
  matchPositionRows,
  matchOwnEntropy,
]

const isPointwise = ({ kernel, strides, padding }: Window): boolean =>
  [...kernel, ...strides].every((n) => n === 1) && padding.every((n) => n === 0)

/** conv2d without bias → batchNorm → activation that ends in `last`. */
function activatedConv(nodes: Nodes, last: GraphNode | null): (ExpansionNodes & { conv2d: GraphNodeOf<'conv2d'> }) | null {
  if (last?.op !== 'relu' && last?.op !== 'relu6') return null
  const norm = nodes.inner(last.inputs[0], 'batchNorm')
  const conv2d = norm && nodes.inner(norm.inputs[0], 'conv2d')
  if (!norm || !conv2d?.batched || conv2d.attributes.bias) return null
  return { conv2d, conv: conv2d.id, norm: norm.id, epsilon: norm.attributes.epsilon, activation: last.op }
}

function matchExpansion(nodes: Nodes, last: GraphNode): Composite | null {
  const found = activatedConv(nodes, last)
  if (!found || !isPointwise(found.conv2d.attributes)) return null
  return expandNormRelu({ ...found, input: found.conv2d.inputs[0]!, output: last.id })
}

function matchStem(nodes: Nodes, last: GraphNode): Composite | null {
  const found = activatedConv(nodes, last)
  const input = found?.conv2d.inputs[0]
  if (!found || input === undefined || !nodes.isGraphInput(input)) return null
  const sides = nodes.sides(found.conv2d.id)
  return stem({ ...found, input, output: last.id, window: found.conv2d.attributes, sides })
}

function activatedDepthwise(nodes: Nodes, last: GraphNode) {
  if (last.op !== 'relu' && last.op !== 'relu6') return null
  const norm = nodes.inner(last.inputs[0], 'batchNorm')
  const depthwise = norm && nodes.inner(norm.inputs[0], 'depthwiseConv2d')
  if (!norm || !depthwise?.batched || depthwise.attributes.bias) return null
  const input = depthwise.inputs[0]!
  const found = { depthwise: depthwise.id, norm: norm.id, epsilon: norm.attributes.epsilon, activation: last.op, input }
  const planned = (plan: typeof planWhole): DepthwisePlan | null =>
    plan(depthwise.attributes, nodes.sides(input), nodes.sides(depthwise.id))
  return { found, planned }
}

function matchDepthwise(nodes: Nodes, last: GraphNode): Composite | null {
  const match = activatedDepthwise(nodes, last)
  const plan = match?.planned(planWhole)
  return match && plan ? depthwiseNormRelu({ ...match.found, plan, output: last.id }) : null
}

function matchStridedExpansion(nodes: Nodes, last: GraphNode): Composite | null {
  const match = activatedDepthwise(nodes, last)
  const plan = match?.planned(planPhases)
  if (!match || !plan) return null
  const wide = match.found.input
  const expansion = activatedConv(nodes, nodes.inner(wide, 'relu') ?? nodes.inner(wide, 'relu6'))
  if (!expansion || !isPointwise(expansion.conv2d.attributes)) return null
  const input = expansion.conv2d.inputs[0]!
  return stridedExpansion({
    input,
    output: last.id,
    expansion: { ...expansion, output: wide },
    filtering: { ...match.found, plan },
  })
}

function linearConv(nodes: Nodes, norm: GraphNodeOf<'batchNorm'> | null) {
  const conv = norm && nodes.inner(norm.inputs[0], 'conv2d')
  if (!norm || !conv?.batched || conv.attributes.bias || !isPointwise(conv.attributes)) return null
  return { conv: conv.id, norm: norm.id, epsilon: norm.attributes.epsilon, input: conv.inputs[0]! }
}

function matchProjection(nodes: Nodes, last: GraphNode): Composite | null {
  const found = linearConv(nodes, nodes.is(last.id, 'batchNorm'))
  return found && projectNorm(found)
}

function matchProjectionWithSkip(nodes: Nodes, last: GraphNode): Composite | null {
  if (last.op !== 'add') return null
  for (const [branch, skip] of [last.inputs, last.inputs.toReversed()]) {
    const found = linearConv(nodes, nodes.inner(branch, 'batchNorm'))
    if (found && sameShape(nodes, last, skip!)) return projectNorm({ ...found, skip: { add: last.id, input: skip! } })
  }
  return null
}

/** A skip that broadcasts is none: its gradient would be a sum. */
function sameShape(nodes: Nodes, last: GraphNode, skip: string): boolean {
  const spec = nodes.spec(skip)
  return spec.batched && spec.shape.join() === last.shape.join()
}

function matchSqueezeExcite(nodes: Nodes, last: GraphNode): Composite | null {
  if (last.op !== 'multiply') return null
  for (const [input, gate] of [last.inputs, last.inputs.toReversed()]) {
    const sigmoid = nodes.inner(gate, 'sigmoid')
    const expand = sigmoid && squeezeConv(nodes, sigmoid.inputs[0])
    const relu = expand && nodes.inner(expand.inputs[0], 'relu')
    const reduce = relu && squeezeConv(nodes, relu.inputs[0])
    const pool = reduce && nodes.inner(reduce.inputs[0], 'globalAveragePool')
    if (!sigmoid || !expand || !relu || !reduce || !pool?.attributes.keepDims || pool.inputs[0] !== input) continue
    const inner = [pool.id, reduce.id, relu.id, expand.id, sigmoid.id]
    if (sameShape(nodes, last, input!))
      return squeezeExcite({ input: input!, reduce: reduce.id, expand: expand.id, output: last.id, inner })
  }
  return null
}

function squeezeConv(nodes: Nodes, id: string | undefined): GraphNodeOf<'conv2d'> | null {
  const conv = nodes.inner(id, 'conv2d')
  return conv?.attributes.bias && isPointwise(conv.attributes) ? conv : null
}

function matchPositionRows(nodes: Nodes, last: GraphNode): Composite | null {
  if (last.op !== 'reshape') return null
  const conv = nodes.inner(last.inputs[0], 'conv2d')
  if (!conv?.batched || !conv.attributes.bias || !isPointwise(conv.attributes)) return null
  return positionRows({ conv: conv.id, input: conv.inputs[0]!, output: last.id, shape: last.shape })
}

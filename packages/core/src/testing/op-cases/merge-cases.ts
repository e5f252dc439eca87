import type { Graph, Op, Tensor, Tensors } from '../../contracts/index.js'
import { GraphBuilder } from '../../graph/index.js'
import type { OpCase } from './op-case.js'

/** Several cases in one graph, side by side: outputs `y0`, `y1`, … in their order. */
export interface MergedCases {
  readonly graph: Graph
  readonly inputs: Tensors
  readonly weights: Tensors
}

/** One file for many cases: starting a runtime costs more than running an op. */
export function mergeCases(cases: readonly OpCase[]): MergedCases {
  const builder = new GraphBuilder()
  const inputs: Record<string, Tensor> = {}
  const weights: Record<string, Tensor> = {}
  for (const [position, opCase] of cases.entries()) {
    const renamed = (name: string) => `case${position}_${name}`
    for (const [name, spec] of Object.entries(opCase.graph.inputs)) builder.input(renamed(name), spec)
    for (const node of opCase.graph.nodes) {
      const { op, attributes, origin } = node
      builder.add<Op>(op, { id: renamed(node.id), inputs: node.inputs.map(renamed), attributes, origin })
    }
    builder.output(`y${position}`, renamed(opCase.graph.outputs['y']!))
    for (const [name, tensor] of Object.entries(opCase.inputs)) inputs[renamed(name)] = tensor
    for (const [name, tensor] of Object.entries(opCase.weights)) weights[renamed(name)] = tensor
  }
  return { graph: builder.build(), inputs, weights }
}

import type { GraphNode, GraphNodeOf, Op } from '../../contracts/index.js'

/** What an exporter may merge into a layer besides a batch norm. */
export type Activation = 'none' | 'relu' | 'relu6'

export type Numbers = Float32Array | Float64Array

/** The parameters of a layer by kind: kernel (OIHW, depthwise [C, 1, kh, kw], dense [out, in]), bias, gamma, beta… */
export type LayerParameters = Readonly<Record<string, Numbers>>

/**
 * Between a graph node and a format's operators: a node with its parameters and what was merged into it.
 * `id` is the last merged node's: the layer computes that node's value, and what is written for it bears that name.
 */
export interface LayerOf<K extends Op> {
  readonly id: string
  readonly node: GraphNodeOf<K>
  readonly inputs: readonly string[]
  readonly parameters: LayerParameters
  readonly activation: Activation
}
export type Layer = { [K in Op]: LayerOf<K> }[Op]

export const isLayerOf = <K extends Op>(layer: Layer, ...ops: readonly K[]): layer is Extract<Layer, LayerOf<K>> =>
  (ops as readonly string[]).includes(layer.node.op)

export function layerOf(node: GraphNode, inputs: readonly string[], parameters: LayerParameters): Layer {
  // A node's op decides its layer's; TypeScript cannot carry that through a union.
  return { id: node.id, node, inputs, parameters, activation: 'none' } as Layer
}

/** The layers that compute a model, in order, and where its outputs come from (a layer or a graph input). */
export interface LayerGraph {
  readonly layers: readonly Layer[]
  readonly outputs: Readonly<Record<string, string>>
}

import type { Graph, Op, TensorSpec, Tensors } from '@mnas/core/contracts'
import { contractErrors } from '@mnas/core/errors'
import { exportableOps, foldBatchNorm, graphLayers, type LayerGraph, type Specs, specsOf } from '@mnas/core/graph'
import { anyBatch, type Emitter } from './emitter.js'
import { emitters } from './emitters.js'
import { dataTypeOf, GraphDefBuilder, type Weight } from './graph-builder.js'
import { type DataType, type NodeDef, ofFloats, type ShapeDef, shapeOf } from './graph-def.js'

/** One input or output of a model: `name` is a node's with `:0`. */
export interface TensorInfo {
  readonly name: string
  readonly dtype: DataType
  readonly tensorShape: ShapeDef
}

export interface GraphModel {
  readonly nodes: readonly NodeDef[]
  readonly weights: readonly Weight[]
  /** By the graph's names of inputs and outputs. */
  readonly signature: {
    readonly inputs: Readonly<Record<string, TensorInfo>>
    readonly outputs: Readonly<Record<string, TensorInfo>>
  }
}

/**
 * A float32 model for any batch: parameters checked, batch norms folded into the layers before them, then each layer as TensorFlow ops.
 * @throws MNAS_EXPORT_OP, MNAS_EXPORT_WEIGHTS
 */
export function lowerGraph(graph: Graph, weights: Tensors): GraphModel {
  const layers = foldBatchNorm(graphLayers(graph, weights))
  const specs = specsOf(graph)
  const builder = new GraphDefBuilder([...specs.keys(), ...Object.keys(graph.outputs)])
  for (const [name, spec] of Object.entries(graph.inputs)) {
    builder.define(name, builder.placeholder(name, anyBatch(spec), spec.dtype))
  }
  emitLayers(builder, layers, specs)
  const outputs = outputNodes(builder, graph, layers)
  return { nodes: builder.nodes, weights: builder.weights, signature: signatureOf(graph, outputs, specs) }
}

function emitLayers(builder: GraphDefBuilder, { layers }: LayerGraph, specs: Specs): void {
  for (const layer of layers) {
    const inputs = layer.inputs.map((id) => ({ name: builder.valueOf(id), spec: specs.get(id)! }))
    // The table's types tie each op to its own layers; TypeScript cannot follow that through a lookup by a union.
    const emitter = (emitters as Partial<Record<Op, Emitter<never>>>)[layer.node.op]
    if (!emitter) {
      const { id, op } = layer.node
      throw contractErrors.MNAS_EXPORT_OP({ format: 'tfjs', node: id, op, known: exportableOps })
    }
    builder.define(layer.id, emitter({ layer: layer as never, inputs, builder }))
  }
}

/**
 * A node for each output, named as the output, so that `model.execute(x, 'probabilities')` finds it: the layer itself when it bears that name, else an
 * Identity (under another name where the graph uses that one for something else). @returns node names by output
 */
function outputNodes(builder: GraphDefBuilder, graph: Graph, { outputs }: LayerGraph): Readonly<Record<string, string>> {
  const ids = new Set([...Object.keys(graph.inputs), ...graph.nodes.map(({ id }) => id)])
  const entries = Object.entries(outputs).map(([name, id]) => {
    const value = builder.valueOf(id)
    if (value === name && !(name in graph.inputs)) return [name, value] as const
    const identity = ids.has(name)
      ? builder.op(`${name}.output`, 'Identity', [value])
      : builder.result(name, 'Identity', [value], ofFloats)
    return [name, identity] as const
  })
  return Object.fromEntries(entries)
}

function signatureOf(graph: Graph, outputs: Readonly<Record<string, string>>, specs: Specs): GraphModel['signature'] {
  const info = (node: string, spec: TensorSpec): TensorInfo => ({
    name: `${node}:0`,
    dtype: dataTypeOf(spec.dtype),
    tensorShape: shapeOf(anyBatch(spec)),
  })
  const inputEntries = Object.entries(graph.inputs).map(([name, spec]) => [name, info(name, spec)] as const)
  const outputEntries = Object.entries(outputs).map(
    ([name, node]) => [name, info(node, specs.get(graph.outputs[name]!)!)] as const,
  )
  return { inputs: Object.fromEntries(inputEntries), outputs: Object.fromEntries(outputEntries) }
}

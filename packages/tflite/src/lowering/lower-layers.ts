import type { Graph, Op, TensorSpec, Tensors } from '@mnas/core/contracts'
import { contractErrors } from '@mnas/core/errors'
import { exportableOps, foldBatchNorm, graphLayers, type Layer, type LayerGraph, type Specs, specsOf } from '@mnas/core/graph'
import type { TfliteModel, TfliteSignatureEntry } from '../flatbuffer/model.js'
import type { Emitter } from './emitter.js'
import { emitters } from './emitters.js'
import { fuseActivations } from './fuse-activations.js'
import { ModelBuilder, tfliteShape } from './model-builder.js'

/** 16 bytes, zero-filled: what the official converter writes for these ops. */
const minimumRuntimeVersion = '1.5.0'.padEnd(16, '\0')

/** The layers of a file: parameters checked, batch norms folded, activations fused. @throws MNAS_EXPORT_WEIGHTS */
export const fileLayers = (graph: Graph, weights: Tensors): LayerGraph =>
  fuseActivations(foldBatchNorm(graphLayers(graph, weights)))

/**
 * A float32 model for a batch of 1: each layer as TFLite operators.
 * @param layers of the graph, as `fileLayers` gives them or rewritten
 * @throws MNAS_EXPORT_OP
 */
export function lowerLayers(graph: Graph, layers: LayerGraph): TfliteModel {
  const builder = new ModelBuilder([...Object.keys(graph.inputs), ...graph.nodes.map(({ id }) => id)])
  const inputs = Object.entries(graph.inputs).map(([name, spec]) => defineInput(builder, name, spec))
  emitLayers(builder, layers.layers, specsOf(graph))
  const outputs = outputEntries(builder, layers, inputs)
  const metadata = [{ name: 'min_runtime_version', data: new TextEncoder().encode(minimumRuntimeVersion) }]
  return builder.build({ inputs, outputs, metadata, description: 'mnas', signature: 'serving_default' })
}

function defineInput(builder: ModelBuilder, name: string, spec: TensorSpec): TfliteSignatureEntry {
  const tensor = builder.value(name, tfliteShape(spec), spec.dtype)
  builder.define(name, tensor)
  return { name, tensor }
}

function emitLayers(builder: ModelBuilder, layers: readonly Layer[], specs: Specs): void {
  for (const layer of layers) {
    const inputs = layer.inputs.map((id) => ({ tensor: builder.valueOf(id), spec: specs.get(id)! }))
    // The table's types tie each op to its own layers; TypeScript cannot follow that through a lookup by a union.
    const emitter = (emitters as Partial<Record<Op, Emitter<never>>>)[layer.node.op]
    if (!emitter) {
      const { id, op } = layer.node
      throw contractErrors.MNAS_EXPORT_OP({ format: 'tflite', node: id, op, known: exportableOps })
    }
    builder.define(layer.id, emitter({ layer: layer as never, inputs, builder }))
  }
}

/** Runtimes want each output to be a computed tensor of its own: what is an input, a constant or an output already is copied. */
function outputEntries(
  builder: ModelBuilder,
  { outputs }: LayerGraph,
  inputs: readonly TfliteSignatureEntry[],
): readonly TfliteSignatureEntry[] {
  const taken = new Set(inputs.map(({ tensor }) => tensor))
  return Object.entries(outputs).map(([name, id]) => {
    const tensor = builder.valueOf(id)
    const own = !taken.has(tensor) && builder.constantData(tensor) === undefined
    taken.add(tensor)
    return { name, tensor: own ? tensor : builder.copied(name, tensor) }
  })
}

import { opFacts } from '../ops/op-facts.js'
import { isLayerOf, type Layer, type LayerGraph, type LayerParameters } from './layer.js'
import { mergeLayers } from './merge-layers.js'

/**
 * A batch norm behind a linear layer is part of that layer's weights (Jacob et al. 2018, §3.2). Per output channel c, in float64:
 *
 *   s[c] = γ[c]/√(σ²[c] + ε)        w'[c, …] = s[c]·w[c, …]        b'[c] = s[c]·(b[c] − μ[c]) + β[c]
 *
 * The output channel is the first axis of every kernel layout (OIHW, [C, 1, kh, kw], [out, in]).
 */
export function foldBatchNorm(graph: LayerGraph): LayerGraph {
  return mergeLayers(graph, (producer, layer) => {
    if (!isLayerOf(layer, 'batchNorm') || producer.activation !== 'none') return null
    if (!opFacts[producer.node.op].linear) return null
    const affine = batchNormAffine(layer.parameters, layer.node.attributes.epsilon)
    return { ...producer, id: layer.id, parameters: foldInto(producer.parameters, affine) } as Layer
  })
}

export interface Affine {
  readonly scale: Float64Array
  readonly offset: Float64Array
}

/** A batch norm's inference meaning as scale·x + offset, per channel. */
export function batchNormAffine(parameters: LayerParameters, epsilon: number): Affine {
  const { gamma, beta, movingMean, movingVariance } = parameters
  const scale = Float64Array.from(gamma!, (g, c) => g / Math.sqrt(movingVariance![c]! + epsilon))
  const offset = Float64Array.from(beta!, (b, c) => b - scale[c]! * movingMean![c]!)
  return { scale, offset }
}

function foldInto({ kernel, bias }: LayerParameters, { scale, offset }: Affine): LayerParameters {
  const perChannel = kernel!.length / scale.length
  return {
    kernel: Float64Array.from(kernel!, (w, position) => w * scale[Math.floor(position / perChannel)]!),
    bias: Float64Array.from(offset, (o, c) => o + scale[c]! * (bias?.[c] ?? 0)),
  }
}

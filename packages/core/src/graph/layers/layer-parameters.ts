import type { GraphNode, Tensors } from '../../contracts/index.js'
import { contractErrors } from '../../errors/index.js'
import type { LayerParameters, Numbers } from './layer.js'

/** A node's parameters, checked against the shapes that its attributes and its input give. @throws MNAS_EXPORT_WEIGHTS */
export function layerParameters(node: GraphNode, inputShape: readonly number[], weights: Tensors): LayerParameters {
  const shapes = Object.entries(parameterShapes(node, inputShape.at(-1) ?? 1))
  return Object.fromEntries(shapes.map(([kind, shape]) => [kind, parameter(`${node.id}.${kind}`, shape, weights)]))
}

function parameterShapes(node: GraphNode, channels: number): Readonly<Record<string, readonly number[]>> {
  switch (node.op) {
    case 'conv2d': {
      const { filters, kernel, bias } = node.attributes
      return { kernel: [filters, channels, ...kernel], ...(bias && { bias: [filters] }) }
    }
    case 'depthwiseConv2d': {
      const { kernel, bias } = node.attributes
      return { kernel: [channels, 1, ...kernel], ...(bias && { bias: [channels] }) }
    }
    case 'dense': {
      const { units, bias } = node.attributes
      return { kernel: [units, channels], ...(bias && { bias: [units] }) }
    }
    case 'batchNorm':
      return { gamma: [channels], beta: [channels], movingMean: [channels], movingVariance: [channels] }
    default:
      return {}
  }
}

function parameter(name: string, shape: readonly number[], weights: Tensors): Numbers {
  const expected = `float32 [${shape.join(', ')}]`
  const tensor = weights[name]
  if (!tensor) throw contractErrors.MNAS_EXPORT_WEIGHTS({ name, expected, received: 'none' })
  const fits = tensor.data instanceof Float32Array && tensor.shape.length === shape.length
  if (!fits || tensor.shape.some((length, axis) => length !== shape[axis])) {
    throw contractErrors.MNAS_EXPORT_WEIGHTS({ name, expected, received: `${tensor.dtype} [${tensor.shape.join(', ')}]` })
  }
  const bad = tensor.data.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) {
    throw contractErrors.MNAS_EXPORT_WEIGHTS({
      name,
      expected: 'finite numbers',
      received: `${tensor.data[bad]} at position ${bad}`,
    })
  }
  return tensor.data
}

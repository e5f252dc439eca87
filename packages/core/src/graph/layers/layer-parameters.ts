import type { GraphNode, Tensors } from '../../contracts/index.js'
import { contractErrors } from '../../errors/index.js'
import { nodeParameters } from '../parameters/parameters-of.js'
import type { LayerParameters, Numbers } from './layer.js'

/** A node's parameters, checked against the shapes that its attributes and its input give. @throws MNAS_EXPORT_WEIGHTS */
export function layerParameters(node: GraphNode, channels: number, weights: Tensors): LayerParameters {
  return Object.fromEntries(
    nodeParameters(node, channels).map(({ role, name, shape }) => [role, parameter(name, shape, weights)]),
  )
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

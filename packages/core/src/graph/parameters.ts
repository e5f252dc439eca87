import type { Graph, GraphNode, Initializer, Parameter, TensorSpec } from '../contracts/index.js'

const smallestDenseFanOut = 1000

type Kind = 'kernel' | 'bias' | 'gamma' | 'beta' | 'movingMean' | 'movingVariance'

/**
 * The parameters of a graph in the order of its nodes. Initializers are those of the authors' code (reference of MnasNet §1):
 * convolutions N(0, √(2/fanOut)) with fanOut = k²·filters (depthwise k²), dense U(±1/√units), biases 0, batch norm the identity.
 * The authors' rule for dense layers is made for ImageNet's 1000 classes: with 6 it would draw from ±.41 and start at a loss of 7 instead of
 * ln 6 = 1.8. So fewer units are drawn as 1000 would be.
 */
export function parametersOf(graph: Graph): readonly Parameter[] {
  const specs = new Map<string, TensorSpec>([
    ...Object.entries(graph.inputs),
    ...graph.nodes.map((node) => [node.id, node] as const),
  ])
  return graph.nodes.flatMap((node) =>
    parametersOfNode(node, node.inputs[0] === undefined ? [] : specs.get(node.inputs[0])!.shape),
  )
}

/** @param inputShape per-example shape of the node's first operand */
function parametersOfNode(node: GraphNode, inputShape: readonly number[]): readonly Parameter[] {
  const channels = inputShape.at(-1) ?? 0
  switch (node.op) {
    case 'conv2d': {
      const { kernel, filters, bias } = node.attributes
      return [
        kernelOf(node, [filters, channels, ...kernel], normal(kernel[0] * kernel[1] * filters)),
        ...biasOf(node, filters, bias),
      ]
    }
    case 'depthwiseConv2d': {
      const { kernel, bias } = node.attributes
      return [kernelOf(node, [channels, 1, ...kernel], normal(kernel[0] * kernel[1])), ...biasOf(node, channels, bias)]
    }
    case 'dense': {
      const { units, bias } = node.attributes
      return [
        kernelOf(node, [units, channels], { kind: 'uniform', limit: 1 / Math.sqrt(Math.max(units, smallestDenseFanOut)) }),
        ...biasOf(node, units, bias),
      ]
    }
    case 'batchNorm':
      return [
        parameter(node, 'gamma', [channels], { kind: 'ones' }),
        parameter(node, 'beta', [channels], { kind: 'zeros' }),
        parameter(node, 'movingMean', [channels], { kind: 'zeros' }),
        parameter(node, 'movingVariance', [channels], { kind: 'ones' }),
      ]
    default:
      return []
  }
}

/** He initialisation by fan-out (He et al. 2015). */
function normal(fanOut: number): Initializer {
  return { kind: 'normal', stddev: Math.sqrt(2 / fanOut) }
}

function kernelOf(node: GraphNode, shape: readonly number[], initializer: Initializer): Parameter {
  return parameter(node, 'kernel', shape, initializer)
}

function biasOf(node: GraphNode, length: number, present: boolean): readonly Parameter[] {
  return present ? [parameter(node, 'bias', [length], { kind: 'zeros' })] : []
}

function parameter(node: GraphNode, kind: Kind, shape: readonly number[], initializer: Initializer): Parameter {
  return {
    name: `${node.id}.${kind}`,
    node: node.id,
    shape,
    dtype: 'float32',
    batched: false,
    initializer,
    decayed: kind === 'kernel' || kind === 'bias',
    statistic: kind === 'movingMean' || kind === 'movingVariance',
  }
}

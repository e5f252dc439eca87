import type { Graph, GraphNode, TensorSpec } from '@mnas/core/contracts'

/** What a runtime's time is made of, in units that differ by kind of work: multiply-adds by kind of operator, bytes of activations and weights moved, operators started. */
export const featureNames = [
  'pointwiseMacs',
  'spatialMacs',
  'depthwiseMacs',
  'activationBytes',
  'weightBytes',
  'operators',
] as const
export type Features = Readonly<Record<(typeof featureNames)[number], number>>

const bytesPerValue = 4

/** Operators that an exporter folds into the one before: they cost nothing of their own. */
const folded: ReadonlySet<GraphNode['op']> = new Set([
  'batchNorm',
  'relu',
  'relu6',
  'dropout',
  'stopGradient',
  'constant',
  'reshape',
])

/** The features of one example's inference. */
export function graphFeatures(graph: Graph): Features {
  const specs = new Map<string, TensorSpec>(Object.entries(graph.inputs))
  const sums = { pointwiseMacs: 0, spatialMacs: 0, depthwiseMacs: 0, activationBytes: 0, weightBytes: 0, operators: 0 }
  for (const node of graph.nodes) {
    specs.set(node.id, node)
    if (folded.has(node.op)) continue
    const inputs = node.inputs.map((id) => sizeOf(specs.get(id)!))
    sums.operators += 1
    sums.activationBytes += bytesPerValue * inputs.reduce((total, size) => total + size, sizeOf(node))
    addWeights(sums, node, specs.get(node.inputs[0] ?? '')?.shape.at(-1) ?? 0)
  }
  return sums
}

function addWeights(sums: { -readonly [K in keyof Features]: number }, node: GraphNode, inputChannels: number): void {
  switch (node.op) {
    case 'conv2d': {
      const weights = node.attributes.kernel[0] * node.attributes.kernel[1] * inputChannels * node.attributes.filters
      const macs = weights * positionsOf(node)
      sums.weightBytes += bytesPerValue * weights
      if (node.attributes.kernel[0] * node.attributes.kernel[1] === 1) sums.pointwiseMacs += macs
      else sums.spatialMacs += macs
      break
    }
    case 'depthwiseConv2d': {
      const weights = node.attributes.kernel[0] * node.attributes.kernel[1] * inputChannels
      sums.weightBytes += bytesPerValue * weights
      sums.depthwiseMacs += weights * positionsOf(node)
      break
    }
    case 'dense':
      sums.weightBytes += bytesPerValue * inputChannels * node.attributes.units
      sums.pointwiseMacs += inputChannels * sizeOf(node)
  }
}

/** Places where a kernel is applied: height · width of the output. */
function positionsOf({ shape }: TensorSpec): number {
  return shape.slice(0, -1).reduce((product, side) => product * side, 1)
}

function sizeOf({ shape }: TensorSpec): number {
  return shape.reduce((product, side) => product * side, 1)
}

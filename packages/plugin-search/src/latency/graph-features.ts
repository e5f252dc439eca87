import type { Graph } from '@mnas/core/contracts'
import { elementCount, inputChannels, type MacKind, macsOf, nodeParameters, opFacts, specsOf } from '@mnas/core/graph'

/**
 * What a runtime's time is made of, in units that differ by kind of work: multiply-adds by kind of operator, bytes of
 * activations and weights moved, operators started.
 */
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

const macsFeature = {
  pointwise: 'pointwiseMacs',
  spatial: 'spatialMacs',
  depthwise: 'depthwiseMacs',
} as const satisfies Readonly<Record<MacKind, keyof Features>>

/** The features of one example's inference. */
export function graphFeatures(graph: Graph): Features {
  const specs = specsOf(graph)
  const sums = { pointwiseMacs: 0, spatialMacs: 0, depthwiseMacs: 0, activationBytes: 0, weightBytes: 0, operators: 0 }
  for (const node of graph.nodes) {
    if (opFacts[node.op].free) continue
    const values = node.inputs.reduce((total, id) => total + elementCount(specs.get(id)!.shape), elementCount(node.shape))
    const channels = inputChannels(node, specs)
    const macs = macsOf(node, channels)
    const kernels = nodeParameters(node, channels).filter(({ role }) => role === 'kernel')
    sums.operators += 1
    sums.activationBytes += bytesPerValue * values
    sums.weightBytes += bytesPerValue * kernels.reduce((total, { shape }) => total + elementCount(shape), 0)
    if (macs) sums[macsFeature[macs.kind]] += macs.count
  }
  return sums
}

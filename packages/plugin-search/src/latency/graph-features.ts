import type { Graph } from '@mnas/core/contracts'
import { elementCount, inputChannels, type MacKind, macsOf, nodeParameters, opFacts, specsOf } from '@mnas/core/graph'

/**
 * What a runtime's time is made of, in units that differ by kind of work: multiply-adds by kind of operator, those that come to
 * nothing in vectors which are not full, bytes of activations and weights moved, operators started.
 */
export const featureNames = [
  'pointwiseMacs',
  'spatialMacs',
  'depthwiseMacs',
  'idleMacs',
  'activationBytes',
  'weightBytes',
  'operators',
] as const
/** Whole numbers: so they add up exactly, in whatever order. */
export type Features = Readonly<Record<(typeof featureNames)[number], number>>

const bytesPerValue = 4
/**
 * Matrix products are made of blocks of so many output channels: 16 on x86, where a network of 24 channels takes as long as one of
 * 32. Where blocks are smaller, idle multiply-adds get no weight from the measurements.
 */
const channelsPerBlock = 16

const macsFeature = {
  pointwise: 'pointwiseMacs',
  spatial: 'spatialMacs',
  depthwise: 'depthwiseMacs',
} as const satisfies Readonly<Record<MacKind, keyof Features>>

/** The features of one example's inference. */
export function graphFeatures(graph: Graph): Features {
  const specs = specsOf(graph)
  const sums = Object.fromEntries(featureNames.map((name) => [name, 0])) as Record<keyof Features, number>
  for (const node of graph.nodes) {
    if (opFacts[node.op].free) continue
    const values = node.inputs.reduce((total, id) => total + elementCount(specs.get(id)!.shape), elementCount(node.shape))
    const channels = inputChannels(node, specs)
    const macs = macsOf(node, channels)
    const kernels = nodeParameters(node, channels).filter(({ role }) => role === 'kernel')
    sums.operators += 1
    sums.activationBytes += bytesPerValue * values
    sums.weightBytes += bytesPerValue * kernels.reduce((total, { shape }) => total + elementCount(shape), 0)
    if (!macs) continue
    sums[macsFeature[macs.kind]] += macs.count
    if (macs.kind !== 'depthwise') sums.idleMacs += idleMacs(macs.count, node.shape.at(-1)!)
  }
  return sums
}

function idleMacs(count: number, outputChannels: number): number {
  const full = channelsPerBlock * Math.ceil(outputChannels / channelsPerBlock)
  return (count / outputChannels) * (full - outputChannels)
}

import type { Graph } from '@mnas/core/contracts'
import { elementCount, inputChannels, nodeParameters, opFacts, specsOf } from '@mnas/core/graph'
import { nonNegativeRidge } from '../latency/non-negative-ridge.js'

/** What a prediction may lie above the file's true size by. */
export const sizeMargin = 0.02

/**
 * Predicts how large a network's file will be. Whatever the format and the precision, a file is so many bytes for each value of a
 * kernel, so many for each output channel (bias, scales), so many for each operator, and some for all: four numbers that a few
 * written files tell.
 */
export interface SizeModel {
  /** Those of a graph are the sums of those of its parts. */
  features(graph: Graph): readonly number[]
  /** Bytes. */
  predictSum(features: readonly number[]): number
}

/** Files are no measurements: the ridge only decides between what the files cannot tell apart. */
const lambda = 1e-7
/** Fewer cannot tell four numbers. */
const fewestFiles = 4

/** @returns null when there are too few files to learn from */
export function fitSizeModel(files: readonly { readonly graph: Graph; readonly sizeBytes: number }[]): SizeModel | null {
  if (files.length < fewestFiles) return null
  const rows = files.map(({ graph }) => withConstant(sizeFeatures(graph)))
  const scales = rows[0]!.map((_, j) => Math.max(1, rows.reduce((sum, row) => sum + row[j]!, 0) / rows.length))
  // Each row is divided by its own size: what counts is how many percent a prediction is off.
  const relative = rows.map((row, i) => row.map((value, j) => value / scales[j]! / files[i]!.sizeBytes))
  const typical = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / files.length
  const coefficients = nonNegativeRidge(
    relative.map((row) => row.map((value) => value * typical)),
    files.map(() => 1),
    lambda,
  ).map((value, j) => (value * typical) / scales[j]!)
  return {
    features: sizeFeatures,
    predictSum: (features) => Math.round(withConstant(features).reduce((sum, value, j) => sum + value * coefficients[j]!, 0)),
  }
}

const withConstant = (features: readonly number[]): readonly number[] => [...features, 1]

/** Values of kernels, values of all other parameters and output channels, operators. */
function sizeFeatures(graph: Graph): readonly number[] {
  const specs = specsOf(graph)
  let [kernelValues, channels, operators] = [0, 0, 0]
  for (const node of graph.nodes) {
    const kernel = nodeParameters(node, inputChannels(node, specs)).find(({ role }) => role === 'kernel')
    if (!opFacts[node.op].free) operators++
    if (!kernel) continue
    kernelValues += elementCount(kernel.shape)
    channels += kernel.shape[0]!
  }
  return [kernelValues, channels, operators]
}

import type { Graph } from '@mnas/core/contracts'
import { elementCount, inputChannels, nodeParameters, opFacts, specsOf } from '@mnas/core/graph'
import { nonNegativeRidge, normalEquations } from '../latency/non-negative-ridge.js'

/** What a prediction may lie above the file's true size by. */
export const sizeMargin = 0.02

/** A network whose file was written. */
export interface SizedFile {
  /** sizeFeatures of its graph. */
  readonly features: readonly number[]
  readonly sizeBytes: number | null
}

/**
 * Predicts how large a network's file will be. Whatever the format and the precision, a file is so many bytes for each value of a
 * kernel, so many for each output channel (bias, scales), so many for each operator, and some for all: four numbers that a few
 * written files tell.
 */
export interface SizeModel {
  /** Bytes. @param features sizeFeatures of a graph */
  predictSum(features: readonly number[]): number
}

/** Files are no measurements: the ridge only decides between what the files cannot tell apart. */
const lambda = 1e-7
/** Fewer cannot tell four numbers. */
const fewestFiles = 4

/** @returns null when there are too few files to learn from */
export function fitSizeModel(files: readonly SizedFile[]): SizeModel | null {
  const known = files.flatMap(({ features, sizeBytes }) =>
    sizeBytes === null ? [] : [{ row: withConstant(features), sizeBytes }],
  )
  if (known.length < fewestFiles) return null
  const scales = known[0]!.row.map((_, j) => Math.max(1, mean(known.map(({ row }) => row[j]!))))
  const typical = mean(known.map(({ sizeBytes }) => sizeBytes))
  // Each row is divided by its own size: what counts is how many percent a prediction is off.
  const rows = known.map(({ row, sizeBytes }) => row.map((value, j) => (value / scales[j]!) * (typical / sizeBytes)))
  const equations = normalEquations(
    rows,
    rows.map(() => 1),
    lambda,
  )
  const coefficients = nonNegativeRidge(equations).map((value, j) => (value * typical) / scales[j]!)
  return {
    predictSum: (features) => Math.round(withConstant(features).reduce((sum, value, j) => sum + value * coefficients[j]!, 0)),
  }
}

const withConstant = (features: readonly number[]): readonly number[] => [...features, 1]
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Values of kernels, output channels, operators: those of a graph are the sums of those of its parts. */
export function sizeFeatures(graph: Graph): readonly number[] {
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

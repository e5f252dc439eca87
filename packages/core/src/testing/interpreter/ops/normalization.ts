import type { Operator } from '../operator.js'
import { lastAxis } from '../value.js'

/**
 * Batch normalisation of each channel (the last axis), Ioffe & Szegedy 2015.
 *
 *   y = γ·(x − μ)/√(σ² + ε) + β
 *
 * Inference: μ and σ² are the running statistics. Training: the mean and the biased variance (divided by M) of the M values of the channel
 * in this batch; what is recorded for the running statistics is the variance times M/(M − 1), as TensorFlow's fused op and PyTorch do
 * (with a single value, M = 1, it is recorded as it is: 0).
 */
export const batchNorm: Operator<'batchNorm'> = ({ node, inputs, output, training, parameter, recordStatistics }) => {
  const x = inputs[0]!
  const channels = lastAxis(x)
  const gamma = parameter('gamma', [channels])
  const beta = parameter('beta', [channels])
  const { mean, variance } = training
    ? batchStatistics(x.data, channels)
    : { mean: parameter('movingMean', [channels]), variance: parameter('movingVariance', [channels]) }
  if (training) {
    const count = x.data.length / channels
    recordStatistics(
      mean,
      variance.map((v) => (v * count) / Math.max(count - 1, 1)),
    )
  }
  for (let position = 0; position < x.data.length; position++) {
    const c = position % channels
    output.data[position] =
      (gamma[c]! * (x.data[position]! - mean[c]!)) / Math.sqrt(variance[c]! + node.attributes.epsilon) + beta[c]!
  }
}

/** Mean and biased variance of each channel over everything else, in two passes. */
function batchStatistics(data: Float64Array, channels: number): { mean: Float64Array; variance: Float64Array } {
  const count = data.length / channels
  const mean = new Float64Array(channels)
  const variance = new Float64Array(channels)
  for (let position = 0; position < data.length; position++) mean[position % channels]! += data[position]! / count
  for (let position = 0; position < data.length; position++) {
    const c = position % channels
    variance[c]! += (data[position]! - mean[c]!) ** 2 / count
  }
  return { mean, variance }
}

/** Inference: the identity. Training: x times the mask that was handed in (0 or 1/(1 − rate)). */
export const dropout: Operator<'dropout'> = ({ inputs, output, training, mask }) => {
  const x = inputs[0]!
  output.data.set(x.data)
  if (!training) return
  const kept = mask()
  for (let position = 0; position < kept.length; position++) output.data[position]! *= kept[position]!
}

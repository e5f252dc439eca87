import type { TfTensor, TfTensor1D, TfTensor4D } from '../tensorflow/tensorflow.js'
import type { Operator, Site } from './operator.js'

/**
 * Batch normalisation of each channel (the last axis), Ioffe & Szegedy 2015: y = γ·(x − μ)/√(σ² + ε) + β. Training: with the mean and the biased
 * variance of the M values in this batch, and the variance times M/(M − 1) for the running statistics.
 */
export const batchNorm: Operator<'batchNorm'> = (site) => {
  const { tf, native, node, inputs, mode, parameter } = site
  const x = inputs[0]!.tensor
  if (mode === 'training') return native ? normaliseNatively(site, native) : normalise(site)
  const { epsilon } = node.attributes
  const normalised = tf.batchNorm(
    asImage(site, x),
    parameter('movingMean') as TfTensor1D,
    parameter('movingVariance') as TfTensor1D,
    parameter('beta') as TfTensor1D,
    parameter('gamma') as TfTensor1D,
    epsilon,
  )
  return tf.reshape(normalised, x.shape)
}

/** [M, 1, 1, C] for what is no image. */
function asImage({ tf }: Site<'batchNorm'>, x: TfTensor): TfTensor4D {
  return tf.reshape(x, x.rank === 4 ? (x as TfTensor4D).shape : [-1, 1, 1, x.shape.at(-1)!])
}

function normaliseNatively(site: Site<'batchNorm'>, native: NonNullable<Site<'batchNorm'>['native']>): TfTensor {
  const { tf, node, inputs, parameter, batchStatistics } = site
  const x = inputs[0]!.tensor
  const fused = native.fusedBatchNorm(asImage(site, x), parameter('gamma'), parameter('beta'), node.attributes.epsilon)
  batchStatistics(fused.mean, fused.variance)
  return tf.reshape(fused.y, x.shape)
}

function normalise({ tf, node, inputs, parameter, batchStatistics }: Site<'batchNorm'>): TfTensor {
  const x = inputs[0]!.tensor
  const axes = x.shape.slice(0, -1).map((_, axis) => axis)
  const count = x.size / x.shape.at(-1)!
  const mean = tf.mean(x, axes)
  const centred = tf.sub(x, mean)
  const variance = tf.mean(tf.square(centred), axes)
  batchStatistics(tf.keep(tf.clone(mean)), tf.keep(tf.mul(variance, count / Math.max(count - 1, 1))))
  const gain = tf.mul(parameter('gamma'), tf.rsqrt(tf.add(variance, node.attributes.epsilon)))
  return tf.add(tf.mul(centred, gain), parameter('beta'))
}

/** Inference: the identity. Training: x times the mask that was handed in (0 or 1/(1 − rate)). */
export const dropout: Operator<'dropout'> = ({ tf, inputs, mode, mask }) => {
  const kept = mode === 'training' ? mask() : null
  const x = inputs[0]!.tensor
  return kept ? tf.mul(x, kept) : tf.clone(x)
}

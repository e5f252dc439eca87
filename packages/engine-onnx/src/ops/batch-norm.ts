import type { Emitter } from '../onnx/emitter.js'
import { type OnnxTensor, sizeOf } from '../onnx/tensor.js'
import { channelDot, channelMean, channelScale, channelSum } from './channels.js'
import { defineOperator, type Site } from './operator.js'
import { channelMajor, inLayout, type Layout, plain, plainValue, rankOf, type Value } from './value.js'

/**
 * Batch normalisation (Ioffe & Szegedy 2015), over the M values of each channel.
 *
 *   training:  c = x − μ       σ² = Σc²/M       r = 1/√(σ² + ε)       y = γ·r·c + β
 *              dβ = Σ dy       dγ = r·Σ dy·c    dx = γ·r·(dy − dβ/M − c·r·dγ/M)
 *   inference: y = a·x + (β − a·μ) with the running statistics, a = γ/√(σ² + ε)
 *
 * The variance is taken of the centred values: Σx²/M − μ² loses the digits that the gradient needs.
 * Shapes: x, c, y, dy, dx [channels, N, H, W]; all others [channels, 1, 1, 1]; blocked images have one axis more.
 */
export const batchNorm = defineOperator('batchNorm', {
  forward(site) {
    const { g, inputs, mode } = site
    const x = channelsOf(g, inputs[0]!)
    const { output, saved } = mode === 'training' ? normalise(site, x) : { output: applyRunning(site, x), saved: null }
    return { output: fromChannels(g, output, inputs[0]!), saved: saved }
  },
  gradient({ g, inputs, saved, outputGradient, needed, trains, parameter, parameterGradient }) {
    if (!saved) throw new Error('batchNorm has a gradient only in training')
    const { centred, rstd } = saved
    const channels = centred.shape[0]!
    const positions = sizeOf(centred.shape.slice(1))
    const dy = rankOf(inputs[0]!) === 3 ? inLayout(g, outputGradient, layoutOf(g, inputs[0]!)) : channelsOf(g, outputGradient)
    const dBeta = channelSum(g, dy)
    const dGamma = g.multiply(rstd, channelDot(g, dy, centred))
    if (trains('beta')) parameterGradient('beta', g.reshape(dBeta, [channels]))
    if (trains('gamma')) parameterGradient('gamma', g.reshape(dGamma, [channels]))
    if (!needed[0]) return [null]
    const gain = g.multiply(perChannel(g, parameter('gamma'), rstd), rstd)
    const shift = g.multiply(g.multiply(gain, dBeta), -1 / positions)
    const slope = g.multiply(g.multiply(g.multiply(gain, rstd), dGamma), -1 / positions)
    const dx = g.add(channelScale(g, dy, gain, shift), channelScale(g, centred, slope))
    return [fromChannels(g, dx, inputs[0]!)]
  },
})

function normalise({ g, node, parameter, batchStatistics }: Site<'batchNorm'>, x: OnnxTensor) {
  const channels = x.shape[0]!
  const positions = sizeOf(x.shape.slice(1))
  const mean = channelMean(g, x)
  const centred = g.subtract(x, mean)
  const variance = g.multiply(channelDot(g, centred, centred), 1 / positions)
  const rstd = g.reciprocal(g.squareRoot(g.add(variance, node.attributes.epsilon)))
  const unbiased = g.multiply(variance, positions / Math.max(positions - 1, 1))
  batchStatistics(g.reshape(mean, [channels]), g.reshape(unbiased, [channels]))
  const gain = g.multiply(perChannel(g, parameter('gamma'), rstd), rstd)
  const output = channelScale(g, centred, gain, perChannel(g, parameter('beta'), rstd))
  return { output, saved: { centred, rstd } }
}

function applyRunning({ g, node, parameter }: Site<'batchNorm'>, x: OnnxTensor): OnnxTensor {
  const variance = g.add(parameter('movingVariance'), node.attributes.epsilon)
  const gain = g.divide(parameter('gamma'), g.squareRoot(variance))
  const shift = g.subtract(parameter('beta'), g.multiply(gain, parameter('movingMean')))
  return channelScale(g, x, perChannel(g, gain, x), perChannel(g, shift, x))
}

/** [C] as [C, 1, …] of the rank of `like`. */
const perChannel = (g: Emitter, vector: OnnxTensor, like: OnnxTensor): OnnxTensor =>
  g.reshape(
    vector,
    like.shape.map((_, axis) => (axis === 0 ? vector.shape[0]! : 1)),
  )

const layoutOf = (g: Emitter, image: Value): Layout => channelMajor(g, image).layout

/** Any value with its last axis in front: [channels, batch, H, W] (or blocked) for images, [channels, 1, batch · others, 1] else. */
function channelsOf(g: Emitter, value: Value): OnnxTensor {
  if (rankOf(value) === 3) return channelMajor(g, value).tensor
  const x = plain(g, value)
  const rows = sizeOf(x.shape.slice(0, -1))
  const channels = x.shape.at(-1)!
  return g.reshape(g.transpose(g.reshape(x, [rows, channels]), [1, 0]), [channels, 1, rows, 1])
}

function fromChannels(g: Emitter, tensor: OnnxTensor, like: Value): Value {
  if (rankOf(like) === 3) return { tensor, layout: layoutOf(g, like) }
  const rows = tensor.shape[2]!
  return plainValue(g.reshape(g.transpose(g.reshape(tensor, [tensor.shape[0]!, rows]), [1, 0]), like.tensor.shape))
}

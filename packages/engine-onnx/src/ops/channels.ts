import type { Emitter } from '../onnx/emitter.js'
import { type OnnxTensor, sizeOf } from '../onnx/tensor.js'

/**
 * Sums and scales per channel of images [channels, batch, height, width], results [channels, 1, 1, 1].
 * Sums go image by image and then over the images: one long running sum in float32 loses digits that batch norm's gradient needs.
 */
export function channelMean(g: Emitter, x: OnnxTensor): OnnxTensor {
  return g.mean(g.globalAveragePool(x), [1])
}

export function channelSum(g: Emitter, x: OnnxTensor): OnnxTensor {
  return g.scale(channelMean(g, x), sizeOf(x.shape.slice(1)))
}

/** Σ x·y over each channel, without a tensor for the product. */
export function channelDot(g: Emitter, x: OnnxTensor, y: OnnxTensor): OnnxTensor {
  return g.sum(imageDot(g, x, y), [1])
}

/** Σ x·y over each image of each channel: [channels, batch, 1, 1]. */
export function imageDot(g: Emitter, x: OnnxTensor, y: OnnxTensor): OnnxTensor {
  const [channels, batch, ...sides] = x.shape
  const size = sizeOf(sides)
  const images = channels! * batch!
  const dot = g.matmul(g.reshape(x, [images, 1, size]), g.reshape(y, [images, size, 1]))
  return g.reshape(dot, [channels!, batch!, 1, 1])
}

/** scale·x + shift in one pass: a 1x1 convolution with a group per channel. */
export function channelScale(g: Emitter, x: OnnxTensor, scale: OnnxTensor, shift?: OnnxTensor): OnnxTensor {
  const channels = x.shape[0]!
  const window = { kernel: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0] } as const
  const rows = g.reshape(x, [1, channels, sizeOf(x.shape.slice(1)), 1])
  const bias = shift && g.reshape(shift, [channels])
  return g.reshape(g.conv(rows, g.reshape(scale, [channels, 1, 1, 1]), window, channels, bias), x.shape)
}

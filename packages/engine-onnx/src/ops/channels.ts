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
  return g.multiply(channelMean(g, x), sizeOf(x.shape.slice(1)))
}

/** Σ x·y over each channel. A product and a pooling: a batched matrix product of such thin matrices takes three times as long. */
export function channelDot(g: Emitter, x: OnnxTensor, y: OnnxTensor): OnnxTensor {
  return channelSum(g, g.multiply(x, y))
}

/** Mean of every image of a blocked map [channels, N/B, H, W, B], by onnxruntime's NCHWc kernel: [channels, N/B, 1, 1, B]. */
export function imageMeans(g: Emitter, x: OnnxTensor): OnnxTensor {
  const [channels, blocks, height, width, block] = x.shape as [number, number, number, number, number]
  const lanes = channels * blocks * block
  const view = g.reshape(x, [1, lanes, height, width])
  const y = g.emit('GlobalAveragePool', [view], [1, lanes, 1, 1], {}, 'float', 'com.microsoft.nchwc')
  return g.reshape(y, [channels, blocks, 1, 1, block])
}

/** scale·x + shift in one pass: a 1x1 convolution with a group per channel. */
export function channelScale(g: Emitter, x: OnnxTensor, scale: OnnxTensor, shift?: OnnxTensor): OnnxTensor {
  const channels = x.shape[0]!
  const window = { kernel: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0] } as const
  const rows = g.reshape(x, [1, channels, sizeOf(x.shape.slice(1)), 1])
  const bias = shift && g.reshape(shift, [channels])
  return g.reshape(g.conv(rows, g.reshape(scale, [channels, 1, 1, 1]), window, channels, bias), x.shape)
}

import type { Operator } from '../operator.js'
import { exampleCount, exampleStart, imageShape, lastAxis } from '../value.js'

/**
 * Convolution (cross-correlation, as every deep-learning library has it) over zero-padded NHWC images.
 *
 *   y[n, oy, ox, o] = b[o] + Σ_{ky, kx, i} x[n, oy·sv + ky − top, ox·sh + kx − left, i] · w[o, i, ky, kx]
 *
 * Shapes: x [N, H, W, I], w [O, I, kh, kw], b [O].
 */
export const conv2d: Operator<'conv2d'> = ({ node, inputs, output, parameter }) => {
  const { kernel, strides, padding, filters, bias } = node.attributes
  const x = inputs[0]!
  const [height, width, channels] = imageShape(x)
  const [outHeight, outWidth] = imageShape(output)
  const [kh, kw] = kernel
  const weight = parameter('kernel', [filters, channels, kh, kw])
  const offset = bias ? parameter('bias', [filters]) : new Float64Array(filters)
  let position = 0
  for (let n = 0; n < exampleCount(output); n++) {
    const start = exampleStart(x, n)
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        for (let o = 0; o < filters; o++) {
          let sum = offset[o]!
          for (let ky = 0; ky < kh; ky++) {
            const y = oy * strides[0] + ky - padding[0]
            if (y < 0 || y >= height) continue
            for (let kx = 0; kx < kw; kx++) {
              const column = ox * strides[1] + kx - padding[2]
              if (column < 0 || column >= width) continue
              const pixel = start + (y * width + column) * channels
              let tap = (o * channels * kh + ky) * kw + kx
              for (let i = 0; i < channels; i++, tap += kh * kw) sum += x.data[pixel + i]! * weight[tap]!
            }
          }
          output.data[position++] = sum
        }
      }
    }
  }
}

/**
 * Convolution of each channel with its own kernel.
 *
 *   y[n, oy, ox, c] = b[c] + Σ_{ky, kx} x[n, oy·sv + ky − top, ox·sh + kx − left, c] · w[c, 0, ky, kx]
 *
 * Shapes: x [N, H, W, C], w [C, 1, kh, kw], b [C].
 */
export const depthwiseConv2d: Operator<'depthwiseConv2d'> = ({ node, inputs, output, parameter }) => {
  const { kernel, strides, padding, bias } = node.attributes
  const x = inputs[0]!
  const [height, width, channels] = imageShape(x)
  const [outHeight, outWidth] = imageShape(output)
  const [kh, kw] = kernel
  const weight = parameter('kernel', [channels, 1, kh, kw])
  const offset = bias ? parameter('bias', [channels]) : new Float64Array(channels)
  let position = 0
  for (let n = 0; n < exampleCount(output); n++) {
    const start = exampleStart(x, n)
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++, position += channels) {
        for (let c = 0; c < channels; c++) output.data[position + c] = offset[c]!
        for (let ky = 0; ky < kh; ky++) {
          const y = oy * strides[0] + ky - padding[0]
          if (y < 0 || y >= height) continue
          for (let kx = 0; kx < kw; kx++) {
            const column = ox * strides[1] + kx - padding[2]
            if (column < 0 || column >= width) continue
            const pixel = start + (y * width + column) * channels
            const tap = ky * kw + kx
            for (let c = 0; c < channels; c++) output.data[position + c]! += x.data[pixel + c]! * weight[c * kh * kw + tap]!
          }
        }
      }
    }
  }
}

/** y[…, o] = b[o] + Σ_i x[…, i] · w[o, i]. Shapes: x [N, …, I], w [O, I], b [O]. */
export const dense: Operator<'dense'> = ({ node, inputs, output, parameter }) => {
  const { units, bias } = node.attributes
  const x = inputs[0]!
  const features = lastAxis(x)
  const weight = parameter('kernel', [units, features])
  const offset = bias ? parameter('bias', [units]) : new Float64Array(units)
  const rows = output.data.length / units
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < units; o++) {
      let sum = offset[o]!
      for (let i = 0; i < features; i++) sum += x.data[row * features + i]! * weight[o * features + i]!
      output.data[row * units + o] = sum
    }
  }
}

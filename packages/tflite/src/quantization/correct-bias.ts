import type { Builtin } from '../flatbuffer/schema.js'
import { channelsOf, type IntegerKernel, type Kernel } from './integer-kernel.js'

/**
 * A layer's bias, with what its rounded weights Ŵ add to the mean of its output taken off (Nagel et al. 2019, §4.2, on measured means):
 *
 *   b' = b + Σ (W − Ŵ)·E[x]
 *
 * @param inputMean E[x] by input channel, of the float network. At the border of a window padding is taken for x.
 */
export function correctedBias(
  op: Builtin,
  kernel: Kernel,
  rounded: IntegerKernel,
  bias: Float32Array,
  inputMean: Float64Array,
): Float32Array {
  const outputOf = channelsOf(kernel)
  const { scale } = rounded.quantization
  const inputs = kernel.shape.at(-1)!
  const inputOf = op === 'DEPTHWISE_CONV_2D' ? outputOf : (position: number) => position % inputs
  const correction = new Float64Array(bias.length)
  for (let i = 0; i < kernel.data.length; i++) {
    const output = outputOf(i)
    const error = kernel.data[i]! - (scale[output] ?? scale[0]!) * rounded.data[i]!
    correction[output] = correction[output]! + error * inputMean[inputOf(i)]!
  }
  return bias.map((b, channel) => b + correction[channel]!)
}

import type { Numbers } from '@mnas/core/graph'

/** Convolution kernels: [out, in, kh, kw] → [out, kh, kw, in]. */
export function convKernel(data: Numbers, [out, input, height, width]: readonly [number, number, number, number]): Float32Array {
  const taps = height * width
  const kernel = new Float32Array(data.length)
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < input; i++) {
      const from = (o * input + i) * taps
      const to = o * taps * input + i
      for (let tap = 0; tap < taps; tap++) kernel[to + tap * input] = data[from + tap]!
    }
  }
  return kernel
}

/** Depthwise kernels: [channels, 1, kh, kw] → [1, kh, kw, channels]. */
export function depthwiseKernel(data: Numbers, channels: number): Float32Array {
  const taps = data.length / channels
  const kernel = new Float32Array(data.length)
  for (let c = 0; c < channels; c++) for (let tap = 0; tap < taps; tap++) kernel[tap * channels + c] = data[c * taps + tap]!
  return kernel
}

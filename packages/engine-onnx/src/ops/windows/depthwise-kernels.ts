import type { Window } from '@mnas/core/contracts'
import type { Emitter, Pair, Window2d } from '../../onnx/emitter.js'
import { type OnnxTensor, sizeOf } from '../../onnx/tensor.js'
import { windowOf } from './window.js'

/**
 * The three depthwise products, each in two forms:
 * - small maps: the kernel becomes a dense matrix T [C, H·W, H'·W'] (a product with a constant 0/1 tensor), and everything is a batched matrix
 *   product; a grouped convolution would spend its time on the borders and on its set-up
 * - large maps: a convolution with batch · channels groups
 */
const denseLimit = 12 ** 4

const isSmall = (input: Pair, output: Pair): boolean => sizeOf(input) * sizeOf(output) <= denseLimit

/** y = x ⋆ w. x [C, N, H, W], w [C, 1, kh, kw], result [C, N, H', W']. */
export function depthwise(g: Emitter, x: OnnxTensor, kernel: OnnxTensor, window: Window, sides: Pair): OnnxTensor {
  const [channels, batch, ...input] = x.shape as [number, number, number, number]
  const shape = [channels, batch, ...sides]
  if (isSmall(input, sides)) {
    const y = g.matmul(g.reshape(x, [channels, batch, sizeOf(input)]), denseKernel(g, kernel, window, input, sides))
    return g.reshape(y, shape)
  }
  const groups = channels * batch
  const y = g.conv(g.reshape(x, [1, groups, ...input]), perImageKernel(g, kernel, batch), windowOf(window), groups)
  return g.reshape(y, shape)
}

/** dx from dy [C, N, H', W']; `sides` are those of x. */
export function depthwiseInputGradient(g: Emitter, dy: OnnxTensor, kernel: OnnxTensor, window: Window, sides: Pair): OnnxTensor {
  const [channels, batch, ...output] = dy.shape as [number, number, number, number]
  const shape = [channels, batch, ...sides]
  if (isSmall(sides, output)) {
    const transposed = g.transpose(denseKernel(g, kernel, window, sides, output), [0, 2, 1])
    return g.reshape(g.matmul(g.reshape(dy, [channels, batch, sizeOf(output)]), transposed), shape)
  }
  const groups = channels * batch
  const images = g.reshape(dy, [1, groups, ...output])
  const mirrored = mirroredWindow(window)
  const dx = mirrored
    ? g.conv(images, perImageKernel(g, flip(g, kernel), batch), mirrored, groups)
    : g.convTranspose(images, perImageKernel(g, kernel, batch), windowOf(window), sides, groups)
  return g.reshape(dx, shape)
}

/** At stride 1 dx is a convolution with the flipped kernel, which is faster than the general transposed one; null where it is none. */
function mirroredWindow({ kernel: [height, width], strides, padding: [top, bottom, left, right] }: Window): Window2d | null {
  const pads = [height - 1 - top, width - 1 - left, height - 1 - bottom, width - 1 - right] as const
  if (strides.some((stride) => stride !== 1) || pads.some((count) => count < 0)) return null
  return { kernel: [height, width], strides: [1, 1], pads }
}

/** w with both axes of its window reversed. */
function flip(g: Emitter, kernel: OnnxTensor): OnnxTensor {
  return g.reverse(kernel, [2, 3])
}

/** dw [C, 1, kh, kw]. */
export function depthwiseKernelGradient(g: Emitter, x: OnnxTensor, dy: OnnxTensor, window: Window): OnnxTensor {
  const [channels, batch, ...input] = x.shape as [number, number, number, number]
  const output = [dy.shape[2]!, dy.shape[3]!] as const
  const shape = [channels, 1, ...window.kernel]
  if (isSmall(input, output)) {
    const columns = g.transpose(g.reshape(x, [channels, batch, sizeOf(input)]), [0, 2, 1])
    const dDense = g.matmul(columns, g.reshape(dy, [channels, batch, sizeOf(output)]))
    const taps = tapTensor(g, window, input, output)
    return g.reshape(g.gemm(g.reshape(dDense, [channels, taps.shape[1]!]), taps, { transB: true }), shape)
  }
  return g.reshape(correlateRows(g, x, dy, window), shape)
}

/**
 * Kernel row by kernel row: the product of x's rows (those that the kernel row meets) with dy's rows sums over images and rows and leaves
 * [W, W'] per channel, of which the places that one tap joins are added up.
 * A convolution with dy as its kernel does less arithmetic but three times as slowly.
 */
function correlateRows(g: Emitter, x: OnnxTensor, dy: OnnxTensor, window: Window): OnnxTensor {
  const [channels, batch, height, width] = x.shape as [number, number, number, number]
  const [rows, columns] = [dy.shape[2]!, dy.shape[3]!]
  const { kernel, strides, padding } = window
  const line = { ...window, kernel: [1, kernel[1]], padding: [0, 0, padding[2], padding[3]] } as const
  const taps = tapTensor(g, line, [1, width], [1, columns])
  const stride = strides[0]
  const kernelRows = Array.from({ length: kernel[0] }, (_, row) => {
    // Output row o meets input row o·stride + row − top, which may lie in the padding.
    const offset = row - padding[0]
    const first = Math.max(0, Math.ceil(-offset / stride))
    const last = Math.min(rows - 1, Math.floor((height - 1 - offset) / stride))
    if (first > last) return g.constant(new Float32Array(channels * kernel[1]), [channels, 1, kernel[1]])
    const met = (last - first + 1) * batch
    const xRows = g.slice(x, [2], [first * stride + offset], [last * stride + offset + 1], [stride])
    const xColumns = g.transpose(g.reshape(xRows, [channels, met, width]), [0, 2, 1])
    const dyRows = g.reshape(g.slice(dy, [2], [first], [last + 1]), [channels, met, columns])
    const joined = g.reshape(g.matmul(xColumns, dyRows), [channels, width * columns])
    return g.reshape(g.gemm(joined, taps, { transB: true }), [channels, 1, kernel[1]])
  })
  return g.concat(kernelRows, 1)
}

/** w [C, 1, kh, kw] repeated for each image: [C·N, 1, kh, kw]. */
function perImageKernel(g: Emitter, kernel: OnnxTensor, batch: number): OnnxTensor {
  const [channels, , height, width] = kernel.shape as [number, number, number, number]
  const taps = height * width
  const repeated = g.expand(g.reshape(kernel, [channels, 1, taps]), [channels, batch, taps])
  return g.reshape(repeated, [channels * batch, 1, height, width])
}

/** T [C, H·W, H'·W']: what each input position adds to each output position. */
function denseKernel(g: Emitter, kernel: OnnxTensor, window: Window, input: Pair, output: Pair): OnnxTensor {
  const taps = tapTensor(g, window, input, output)
  const channels = kernel.shape[0]!
  const dense = g.gemm(g.reshape(kernel, [channels, taps.shape[0]!]), taps)
  return g.reshape(dense, [channels, sizeOf(input), sizeOf(output)])
}

const tapTensors = new WeakMap<Emitter, Map<string, OnnxTensor>>()

/** [kh·kw, H·W·H'·W']: 1 where a tap of the kernel leads from an input to an output position. */
function tapTensor(g: Emitter, window: Window, input: Pair, output: Pair): OnnxTensor {
  const known = tapTensors.get(g) ?? new Map<string, OnnxTensor>()
  tapTensors.set(g, known)
  const key = JSON.stringify([window.kernel, window.strides, window.padding, input, output])
  const found = known.get(key)
  if (found) return found
  const tensor = g.constant(tapValues(window, input, output), [sizeOf(window.kernel), sizeOf(input) * sizeOf(output)])
  known.set(key, tensor)
  return tensor
}

function tapValues({ kernel, strides, padding: [top, , left] }: Window, input: Pair, output: Pair): Float32Array {
  const outputs = sizeOf(output)
  const size = sizeOf(input) * outputs
  const values = new Float32Array(sizeOf(kernel) * size)
  for (let tap = 0; tap < sizeOf(kernel); tap++) {
    for (let place = 0; place < outputs; place++) {
      const row = Math.floor(place / output[1]) * strides[0] + Math.floor(tap / kernel[1]) - top
      const column = (place % output[1]) * strides[1] + (tap % kernel[1]) - left
      if (row < 0 || row >= input[0] || column < 0 || column >= input[1]) continue
      values[tap * size + (row * input[1] + column) * outputs + place] = 1
    }
  }
  return values
}

import type { Window } from '../../contracts/index.js'

/**
 * How TensorFlow's formats and kernels say a window's padding: a scheme of their own where that gives the very same pixels, else the padding is
 * added in front of the op.
 *
 * SAME: out = ⌈in/stride⌉, total = max((out − 1)·stride + kernel − in, 0), before = ⌊total/2⌋.
 * What lies behind the last window's end is never read, so only the output size and the padding before the first pixel count.
 */
export type PaddingScheme = 'same' | 'valid' | 'explicit'

/** @param input and output: [height, width, …] */
export function paddingScheme(window: Window, input: readonly number[], output: readonly number[]): PaddingScheme {
  const axes = ([0, 1] as const).map((axis) => ({
    input: input[axis]!,
    output: output[axis]!,
    kernel: window.kernel[axis],
    stride: window.strides[axis],
    before: window.padding[2 * axis]!,
  }))
  if (axes.every(isSame)) return 'same'
  return axes.every(isValid) ? 'valid' : 'explicit'
}

interface Axis {
  readonly input: number
  readonly output: number
  readonly kernel: number
  readonly stride: number
  readonly before: number
}

function isSame({ input, output, kernel, stride, before }: Axis): boolean {
  const total = Math.max((output - 1) * stride + kernel - input, 0)
  return output === Math.ceil(input / stride) && before === Math.floor(total / 2)
}

function isValid({ input, output, kernel, stride, before }: Axis): boolean {
  return before === 0 && output === Math.floor((input - kernel) / stride) + 1
}

import type { Padding, Window } from '@mnas/core/contracts'
import type { PaddingScheme } from '../flatbuffer/schema.js'

/**
 * How TFLite gets a window's padding: a scheme of its own where that gives the very same pixels, else zeros added in front of the operator.
 *
 * SAME (TensorFlow): out = ⌈in/stride⌉, total = max((out − 1)·stride + kernel − in, 0), before = ⌊total/2⌋.
 * What lies behind the last window's end is never read, so only the output size and the padding before the first pixel count.
 */
export type WindowPadding = { readonly scheme: PaddingScheme } | { readonly scheme: 'explicit'; readonly padding: Padding }

export function windowPadding(window: Window, input: readonly number[], output: readonly number[]): WindowPadding {
  const axes = ([0, 1] as const).map((axis) => ({
    input: input[axis]!,
    output: output[axis]!,
    kernel: window.kernel[axis],
    stride: window.strides[axis],
    before: window.padding[2 * axis]!,
  }))
  if (axes.every(isSame)) return { scheme: 'same' }
  if (axes.every(isValid)) return { scheme: 'valid' }
  return { scheme: 'explicit', padding: window.padding }
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

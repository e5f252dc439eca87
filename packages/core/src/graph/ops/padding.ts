import type { Padding } from '../../contracts/index.js'

/**
 * Padding of a square window in numbers.
 *
 *   same (TensorFlow): out = ⌈in/s⌉, total = max((out − 1)·s + k − in, 0), before = ⌊total/2⌋, after = the rest
 *   symmetric (PyTorch): ⌊k/2⌋ on every side
 *
 * For odd kernels both give ⌈in/s⌉ pixels.
 */
export function paddingOf(kind: 'same' | 'symmetric', height: number, width: number, kernel: number, stride: number): Padding {
  return [...along(kind, height, kernel, stride), ...along(kind, width, kernel, stride)]
}

function along(kind: 'same' | 'symmetric', length: number, kernel: number, stride: number): [before: number, after: number] {
  if (kind === 'symmetric') return [Math.floor(kernel / 2), Math.floor(kernel / 2)]
  const output = Math.ceil(length / stride)
  const total = Math.max((output - 1) * stride + kernel - length, 0)
  const before = Math.floor(total / 2)
  return [before, total - before]
}

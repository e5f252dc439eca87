import type { Window } from '../../contracts/index.js'

/**
 * Height and width behind a sliding window: ⌊(in + before + after − k)/s⌋ + 1 each.
 * @param shape [height, width, channels]
 * @returns what was expected, when the window does not fit
 */
export function windowOutput(shape: readonly number[], window: Window): readonly [height: number, width: number] | string {
  const { kernel, strides, padding } = window
  const [height, width] = shape
  if (shape.length !== 3 || height === undefined || width === undefined) return 'an image [height, width, channels]'
  if (![...kernel, ...strides].every((length) => Number.isInteger(length) && length > 0))
    return 'positive kernel sizes and strides'
  if (!padding.every((length) => Number.isInteger(length) && length >= 0)) return 'padding of whole numbers from 0 on'
  const rows = Math.floor((height + padding[0] + padding[1] - kernel[0]) / strides[0]) + 1
  const columns = Math.floor((width + padding[2] + padding[3] - kernel[1]) / strides[1]) + 1
  return rows >= 1 && columns >= 1 ? [rows, columns] : `an image of at least the window's ${kernel[0]}x${kernel[1]} pixels`
}

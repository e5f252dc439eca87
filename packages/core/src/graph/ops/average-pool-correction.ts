import type { Window } from '../../contracts/index.js'

/**
 * averagePool does not count padding. Where a format or kernel counts it, as zeros, its mean times this is ours: pixels of a whole window divided
 * by those inside the image.
 * @param input [height, width, …] without padding
 * @param output [height, width, …]
 * @returns one factor per output pixel, row by row
 */
export function averagePoolCorrection(window: Window, input: readonly number[], output: readonly number[]): Float32Array {
  const { kernel, strides, padding } = window
  const inside = (position: number, axis: 0 | 1) => {
    const start = position * strides[axis] - padding[2 * axis]!
    return Math.min(start + kernel[axis], input[axis]!) - Math.max(start, 0)
  }
  const [height, width] = [output[0]!, output[1]!]
  const correction = new Float32Array(height * width)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) correction[y * width + x] = (kernel[0] * kernel[1]) / (inside(y, 0) * inside(x, 1))
  }
  return correction
}

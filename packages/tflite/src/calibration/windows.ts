import type { Window } from '@mnas/core/contracts'

/** One image's values, the channel in the last axis. */
export interface ValueMap {
  readonly data: ArrayLike<number>
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** The golden ratio's fraction: its multiples fill [0, 1) evenly, however many there are. */
const golden = (Math.sqrt(5) - 1) / 2

/**
 * Places of an image at equal distances, others in each image; all where there are no more than wanted.
 * @param count of places
 * @param image its number
 */
export function placesOf(count: number, wanted: number, image: number): readonly number[] {
  if (count <= wanted) return Array.from({ length: count }, (_, place) => place)
  const shift = (image * golden) % 1
  return Array.from({ length: wanted }, (_, i) => Math.floor(((i + shift) * count) / wanted))
}

/**
 * What one window of a layer sees, in the order of a file's kernel.
 * @param place row and column of the layer's output
 * @param seen receives [kernel height, kernel width, channels]; 0 where there is padding
 */
export function readWindow(
  { data, height, width, channels }: ValueMap,
  { kernel: [kernelHeight, kernelWidth], strides, padding }: Window,
  [row, column]: readonly [row: number, column: number],
  seen: Float64Array,
): void {
  const [top, left] = [row * strides[0] - padding[0], column * strides[1] - padding[2]]
  for (let y = 0; y < kernelHeight; y++) {
    for (let x = 0; x < kernelWidth; x++) {
      const to = (y * kernelWidth + x) * channels
      const inside = top + y >= 0 && top + y < height && left + x >= 0 && left + x < width
      const from = ((top + y) * width + left + x) * channels
      for (let channel = 0; channel < channels; channel++) seen[to + channel] = inside ? data[from + channel]! : 0
    }
  }
}

import type { Emitter, Pair } from '../onnx/emitter.js'
import type { OnnxTensor } from '../onnx/tensor.js'

/** Rows and columns of a map: `sides` of them from `first` on in `steps`. */
export interface Grid {
  readonly first: Pair
  readonly steps: Pair
  readonly sides: Pair
}

/**
 * The positions of a grid in every channel and image of x [C, N/B, H, W, B]: [C, N/B, rows, columns, B].
 * A gathering of whole blocks, which all threads do: a slice with steps keeps only one of them busy.
 */
export function cut(g: Emitter, x: OnnxTensor, grid: Grid): OnnxTensor {
  const [channels, blocks, height, width, block] = x.shape as [number, number, number, number, number]
  const positions = g.gather(g.reshape(x, [channels, blocks * height * width, block]), 1, placesOf(grid, x))
  return g.reshape(positions, [channels, blocks, ...grid.sides, block])
}

/**
 * The same for several grids of equal sides, grid by grid and not channel by channel: [grids · C, N/B, rows, columns, B]. That order takes a number
 * per channel, too, where `cut` gets by with those of one.
 */
export function cutAll(g: Emitter, x: OnnxTensor, grids: readonly Grid[]): OnnxTensor {
  const [channels, blocks, height, width, block] = x.shape as [number, number, number, number, number]
  const size = blocks * height * width
  const starts = progression(0, size, channels)
  const places = grids.flatMap((grid) => {
    const inChannel = placesOf(grid, x)
    return starts.flatMap((start) => inChannel.map((place) => start + place))
  })
  const positions = g.gather(g.reshape(x, [channels * size, block]), 0, places)
  return g.reshape(positions, [grids.length * channels, blocks, ...grids[0]!.sides, block])
}

/** Numbers of a grid's positions in the flattened [N/B, H, W] of a channel. */
function placesOf({ first, steps, sides }: Grid, x: OnnxTensor): readonly number[] {
  const [, blocks, height, width] = x.shape as [number, number, number, number, number]
  const rows = progression(0, height, blocks).flatMap((start) => progression(start + first[0], steps[0], sides[0]))
  const columns = progression(first[1], steps[1], sides[1])
  return rows.flatMap((row) => columns.map((column) => row * width + column))
}

const progression = (first: number, step: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => first + i * step)

import type { AnchorOptions } from './anchor-options.js'
import { cellAnchors } from './cell-anchors.js'

/** Rows and columns of a feature map. */
export type MapSize = readonly [rows: number, columns: number]

/**
 * The anchors of a detector, map after map, row after row, column after column: (centre y, centre x, height, width) of each, as
 * shares of the image. Centres lie in the middle of the cells. Not clipped.
 * @param maps as the graph has them: what an image's size becomes depends on strides and padding
 * @returns [anchors, 4]
 */
export function makeAnchors(maps: readonly MapSize[], options: AnchorOptions): Float64Array {
  const shapes = cellAnchors(options, maps.length)
  const count = maps.reduce((sum, [rows, columns], map) => sum + rows * columns * shapes[map]!.length, 0)
  const anchors = new Float64Array(4 * count)
  let at = 0
  for (const [map, [rows, columns]] of maps.entries()) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        for (const { height, width } of shapes[map]!) {
          anchors.set([(row + 0.5) / rows, (column + 0.5) / columns, height, width], at)
          at += 4
        }
      }
    }
  }
  return anchors
}

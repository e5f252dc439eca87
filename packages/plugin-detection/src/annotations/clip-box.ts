import type { PixelBox } from '../evaluation/box-tables.js'

/** Of a box that is kept. More of it outside: it belongs to another picture, or its numbers mean something else. */
const leastInside = 0.5

/**
 * The part of a box that lies in its image.
 * @param size of the image, in the box's unit
 * @returns null where less than half of it does, or nothing that has an area
 */
export function clipBox(
  [x, y, width, height]: PixelBox,
  size: { readonly width: number; readonly height: number },
): PixelBox | null {
  const [left, top] = [Math.max(0, x), Math.max(0, y)]
  const [right, bottom] = [Math.min(size.width, x + width), Math.min(size.height, y + height)]
  const inside = Math.max(0, right - left) * Math.max(0, bottom - top)
  const isWhole = left === x && top === y && right === x + width && bottom === y + height
  if (isWhole) return [x, y, width, height]
  return inside > 0 && inside >= leastInside * width * height ? [left, top, right - left, bottom - top] : null
}

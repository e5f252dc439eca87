/**
 * A box as a detector predicts it: how it differs from an anchor (cy, cx, h, w), Faster R-CNN's code (Ren et al. 2015, §3.1.2)
 * with TensorFlow's scales 10, 10, 5, 5.
 *
 *   ty = 10 · (centre y − cy) / h     th = 5 · ln(height / h)     and the same of x and w
 *
 * A box without height or width has no code: its logarithm is −∞.
 * @param boxes [n, 4] of (top, left, bottom, right)
 * @param anchors [m, 4]
 * @param codes [m, 4], written at `anchor`
 */
export function encodeBox(
  boxes: ArrayLike<number>,
  box: number,
  anchors: ArrayLike<number>,
  anchor: number,
  codes: Float64Array | Float32Array,
): void {
  const [from, to] = [4 * box, 4 * anchor]
  const [top, left] = [boxes[from]!, boxes[from + 1]!]
  const [height, width] = [boxes[from + 2]! - top, boxes[from + 3]! - left]
  const [anchorHeight, anchorWidth] = [anchors[to + 2]!, anchors[to + 3]!]
  codes[to] = (10 * (top + height / 2 - anchors[to]!)) / anchorHeight
  codes[to + 1] = (10 * (left + width / 2 - anchors[to + 1]!)) / anchorWidth
  codes[to + 2] = 5 * Math.log(height / anchorHeight)
  codes[to + 3] = 5 * Math.log(width / anchorWidth)
}

/**
 * The boxes of codes, in float64. What a file computes is rounded: that is ../detections/decode-in-float32.ts.
 * @returns [n, 4] of (top, left, bottom, right)
 */
export function decodeBoxes(codes: ArrayLike<number>, anchors: ArrayLike<number>): Float64Array {
  const boxes = new Float64Array(codes.length)
  for (let at = 0; at < codes.length; at += 4) {
    const [height, width] = [anchors[at + 2]!, anchors[at + 3]!]
    const [y, x] = [(codes[at]! / 10) * height + anchors[at]!, (codes[at + 1]! / 10) * width + anchors[at + 1]!]
    const [half, halfWidth] = [(Math.exp(codes[at + 2]! / 5) * height) / 2, (Math.exp(codes[at + 3]! / 5) * width) / 2]
    boxes.set([y - half, x - halfWidth, y + half, x + halfWidth], at)
  }
  return boxes
}

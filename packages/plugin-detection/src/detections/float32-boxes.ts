const { fround } = Math

/**
 * The boxes of codes as TensorFlow Lite computes them: in float64, rounded to float32 at the centre, at half the side and at the
 * end.
 * @returns [n, 4] of (top, left, bottom, right)
 */
export function decodeInFloat32(codes: Float32Array, anchors: Float32Array): Float32Array {
  const boxes = new Float32Array(codes.length)
  for (let at = 0; at < codes.length; at += 4) {
    const [height, width] = [anchors[at + 2]!, anchors[at + 3]!]
    const y = fround((codes[at]! / 10) * height + anchors[at]!)
    const x = fround((codes[at + 1]! / 10) * width + anchors[at + 1]!)
    const half = fround(0.5 * Math.exp(codes[at + 2]! / 5) * height)
    const halfWidth = fround(0.5 * Math.exp(codes[at + 3]! / 5) * width)
    boxes[at] = y - half
    boxes[at + 1] = x - halfWidth
    boxes[at + 2] = y + half
    boxes[at + 3] = x + halfWidth
  }
  return boxes
}

/** Intersection over union as TensorFlow Lite computes it, every step in float32; 0 where one of the boxes has no area. */
export function overlapInFloat32(boxes: Float32Array, one: number, other: number): number {
  const [i, j] = [4 * one, 4 * other]
  const [area, otherArea] = [areaOf(boxes, i), areaOf(boxes, j)]
  if (area <= 0 || otherArea <= 0) return 0
  const height = Math.max(fround(Math.min(boxes[i + 2]!, boxes[j + 2]!) - Math.max(boxes[i]!, boxes[j]!)), 0)
  const width = Math.max(fround(Math.min(boxes[i + 3]!, boxes[j + 3]!) - Math.max(boxes[i + 1]!, boxes[j + 1]!)), 0)
  const shared = fround(height * width)
  return fround(shared / fround(fround(area + otherArea) - shared))
}

const areaOf = (boxes: Float32Array, at: number) =>
  fround(fround(boxes[at + 2]! - boxes[at]!) * fround(boxes[at + 3]! - boxes[at + 1]!))

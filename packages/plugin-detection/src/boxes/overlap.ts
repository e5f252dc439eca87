/**
 * Intersection over union of two boxes (top, left, bottom, right), 0–1; 0 where neither has an area.
 * @param one index of a box of a, [n, 4]
 * @param other index of a box of b, [m, 4]
 */
export function overlap(a: Float64Array, one: number, b: Float64Array, other: number): number {
  const [i, j] = [4 * one, 4 * other]
  const height = Math.max(Math.min(a[i + 2]!, b[j + 2]!) - Math.max(a[i]!, b[j]!), 0)
  const width = Math.max(Math.min(a[i + 3]!, b[j + 3]!) - Math.max(a[i + 1]!, b[j + 1]!), 0)
  const shared = height * width
  const union = areaOf(a, i) + areaOf(b, j) - shared
  return union > 0 ? shared / union : 0
}

const areaOf = (boxes: Float64Array, at: number) => (boxes[at + 2]! - boxes[at]!) * (boxes[at + 3]! - boxes[at + 1]!)

/** (centre y, centre x, height, width) → (top, left, bottom, right), [n, 4]. */
export function cornersOf(anchors: Float64Array): Float64Array {
  const corners = new Float64Array(anchors.length)
  for (let at = 0; at < anchors.length; at += 4) {
    for (const axis of [0, 1]) {
      const [centre, half] = [anchors[at + axis]!, anchors[at + 2 + axis]! / 2]
      corners[at + axis] = centre - half
      corners[at + 2 + axis] = centre + half
    }
  }
  return corners
}

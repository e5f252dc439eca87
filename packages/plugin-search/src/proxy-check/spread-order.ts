/**
 * Positions 0 to `count` − 1 in an order of which every beginning is spread over all of them: both ends, then always the one that lies
 * farthest from those before it (of equals the first).
 */
export function spreadOrder(count: number): readonly number[] {
  const order: number[] = []
  /** Of each position to the nearest one that is in the order; as long as none is, all are equally far. */
  const distances = Array.from({ length: count }, () => count)
  while (order.length < count) {
    const next = distances.indexOf(Math.max(...distances))
    order.push(next)
    for (const [at, distance] of distances.entries()) distances[at] = Math.min(distance, Math.abs(at - next))
  }
  return order
}

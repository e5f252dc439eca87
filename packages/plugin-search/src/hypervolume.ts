/** A network as a front shows it. */
export interface FrontPoint {
  /** 0 to 1, more is better. */
  readonly quality: number
  readonly latencyMs: number
}

/** Milliseconds, 0 < least ≤ most. */
export type LatencyRange = readonly [least: number, most: number]

/**
 * How much of the rectangle between quality 0 and 1 and the two latencies is dominated by some point: the area from the reference
 * point (quality 0 at the longest latency), as a share of the whole. That is the mean, over all targets of the range, of the best
 * quality within the target; a point faster than the range counts from its beginning. 0 to 1 (0 without points in the range).
 */
export function hypervolume(points: readonly FrontPoint[], [least, most]: LatencyRange): number {
  let [area, best, reached] = [0, 0, least]
  for (const { quality, latencyMs } of points.toSorted((a, b) => a.latencyMs - b.latencyMs)) {
    if (latencyMs > most) break
    const from = Math.max(least, latencyMs)
    area += best * (from - reached)
    reached = from
    best = Math.max(best, quality)
  }
  // A range of one latency: what is best there.
  return most > least ? (area + best * (most - reached)) / (most - least) : best
}

/** The hypervolume as points come in, one after the other. @returns after each */
export function growingHypervolume(range: LatencyRange): (point: FrontPoint) => number {
  let front: readonly FrontPoint[] = []
  let volume = 0
  const beats = (a: FrontPoint, b: FrontPoint) => a.quality >= b.quality && a.latencyMs <= b.latencyMs
  return (point) => {
    if (front.some((other) => beats(other, point))) return volume
    front = [...front.filter((other) => !beats(point, other)), point]
    volume = hypervolume(front, range)
    return volume
  }
}

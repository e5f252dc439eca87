/** What a front compares. */
export interface Scored {
  /** 0–1, more is better. */
  readonly accuracy: number
  /** Less is better. */
  readonly latencyMs: number
}

/** The candidates that no other beats in one of accuracy and latency without losing in the other; fastest first, of equals the first given. */
export function paretoFront<T extends Scored>(candidates: readonly T[]): readonly T[] {
  const sorted = [...candidates].sort((a, b) => a.latencyMs - b.latencyMs || b.accuracy - a.accuracy)
  let best = Number.NEGATIVE_INFINITY
  return sorted.filter(({ accuracy }) => {
    if (accuracy <= best) return false
    best = accuracy
    return true
  })
}

import type { Axis } from '@mnas/core/contracts'

/** Whether `a` is nowhere worse than `b`. Values stand in the order of the axes; one that is no number is the worst there is. */
export function weaklyDominates(axes: readonly Axis[], a: readonly number[], b: readonly number[]): boolean {
  return axes.every((axis, index) => goodness(axis, a[index]) >= goodness(axis, b[index]))
}

/**
 * The items that no other beats in one axis without losing in another; of equals the first given. In the order of the last
 * axis, the best first: with (accuracy, latency) the fastest first.
 */
export function paretoFront<T>(
  items: readonly T[],
  axes: readonly Axis[],
  valuesOf: (item: T) => readonly number[],
): readonly T[] {
  const sorted = items.map((item) => ({ item, values: valuesOf(item) })).sort((a, b) => compare(axes, a.values, b.values))
  const front: typeof sorted = []
  // Whoever beats an item stands before it, so that the front so far is all it has to be compared with.
  for (const entry of sorted) if (!front.some(({ values }) => weaklyDominates(axes, values, entry.values))) front.push(entry)
  return front.map(({ item }) => item)
}

/** By the last axis, of equals by the one before. */
function compare(axes: readonly Axis[], a: readonly number[], b: readonly number[]): number {
  for (let index = axes.length - 1; index >= 0; index--) {
    const difference = goodness(axes[index]!, b[index]) - goodness(axes[index]!, a[index])
    if (difference) return difference
  }
  return 0
}

function goodness({ better }: Axis, value: number | undefined): number {
  if (typeof value !== 'number' || Number.isNaN(value)) return Number.NEGATIVE_INFINITY
  return better === 'more' ? value : -value
}

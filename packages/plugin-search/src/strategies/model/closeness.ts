/**
 * How near each item comes to the best, at the value where it comes nearest: 0 for the best of any. With one value that is their
 * order by it; with those of several targets, whoever is best for one of them stands before all who are best for none.
 */
export function closeness<T>(items: readonly T[], values: readonly ((item: T) => number)[]): readonly number[] {
  const nearest = items.map(() => Number.NEGATIVE_INFINITY)
  for (const value of values) {
    const all = items.map(value)
    const best = all.reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY)
    for (const [index, one] of all.entries()) nearest[index] = Math.max(nearest[index]!, one - best)
  }
  return nearest
}

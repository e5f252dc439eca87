/**
 * The value that a further one of the same kind stays below with at least that probability: of n the ⌈share · (n + 1)⌉th smallest,
 * at most the largest.
 */
export function quantileOf(values: readonly number[], share: number): number {
  const rank = Math.min(values.length, Math.ceil(share * (values.length + 1)))
  return values.toSorted((a, b) => a - b)[rank - 1]!
}

/** A known model that takes more than so much longer, or less, than before says that the device changed meanwhile. */
const driftLimit = 0.03

/** How much the anchor moved, as a fraction; 0 = not at all. */
export function driftOf(beforeMs: number, afterMs: number): number {
  return Math.abs(afterMs / beforeMs - 1)
}

export const hasDrifted = (beforeMs: number, afterMs: number): boolean => driftOf(beforeMs, afterMs) > driftLimit

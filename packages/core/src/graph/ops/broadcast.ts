/**
 * The shape that per-example shapes have together: aligned at their last axes, a missing axis or one of length 1 repeats.
 * @returns undefined where two lengths differ and neither is 1
 */
export function broadcast(shapes: readonly (readonly number[])[]): readonly number[] | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length))
  const result: number[] = []
  for (let axis = 1; axis <= rank; axis++) {
    const lengths = shapes.map((shape) => shape.at(-axis) ?? 1)
    const longest = lengths.find((length) => length !== 1) ?? 1
    if (lengths.some((length) => length !== 1 && length !== longest)) return undefined
    result.unshift(longest)
  }
  return result
}

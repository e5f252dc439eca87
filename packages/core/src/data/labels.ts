/** Class by class, in the same order. */
export const sameLabels = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((label, index) => label === b[index])

const mostNamed = 5

/** `6: glass, metal, paper, …`. */
export function describeLabels(labels: readonly string[]): string {
  const named = labels.slice(0, mostNamed).join(', ')
  return `${labels.length}: ${named}${labels.length > mostNamed ? ', …' : ''}`
}

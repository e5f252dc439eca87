/** Class by class, in the same order. */
export const sameLabels = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((label, index) => label === b[index])

const mostNamed = 8

/** `glass, metal, paper`; of many the first and how many there are besides. */
export function describeLabels(labels: readonly string[]): string {
  const named = labels.slice(0, mostNamed).join(', ')
  return labels.length > mostNamed ? `${named} and ${labels.length - mostNamed} more` : named
}

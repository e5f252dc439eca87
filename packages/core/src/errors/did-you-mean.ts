import { closest, distance } from 'fastest-levenshtein'

/** ` Did you mean "x"?` when a known name is near, else the list of known names. For the end of an error message. */
export function didYouMean(name: string, known: readonly string[]): string {
  if (known.length === 0) return ''
  const near = closest(name, [...known])
  if (distance(name, near) <= Math.max(2, Math.floor(name.length / 3))) return ` Did you mean "${near}"?`
  return ` Known: ${known.join(', ')}.`
}

export const comparisons = ['==', '!=', '<=', '>=', '<', '>'] as const
export type Comparison = (typeof comparisons)[number]

/** What `--where` says. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly field: string; readonly by: Comparison; readonly value: number | string }

/** Of one row: a number, a text, or undefined where nobody says. */
export type FieldOf = (field: string) => number | string | undefined

/**
 * What is not known fulfils no comparison, `!=` neither. Texts are compared as patterns in which `*` stands for anything, upper and lower case alike.
 */
export function holds(condition: Condition, fieldOf: FieldOf): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.parts.every((part) => holds(part, fieldOf))
    case 'or':
      return condition.parts.some((part) => holds(part, fieldOf))
    case 'not':
      return !holds(condition.of, fieldOf)
    case 'compare': {
      const found = fieldOf(condition.field)
      return found !== undefined && compared(found, condition.by, condition.value)
    }
    default:
      return condition satisfies never
  }
}

function compared(found: number | string, by: Comparison, value: number | string): boolean {
  switch (by) {
    case '==':
      return isEqual(found, value)
    case '!=':
      return !isEqual(found, value)
    case '<':
      return found < value
    case '<=':
      return found <= value
    case '>':
      return found > value
    case '>=':
      return found >= value
    default:
      return by satisfies never
  }
}

const isEqual = (found: number | string, value: number | string) =>
  typeof found === 'string' && typeof value === 'string' ? matches(found, value) : found === value

/** `*` stands for anything. Linear in both, whatever the pattern. */
export function matches(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*')
  const whole = text.toLowerCase()
  if (rest.length === 0) return whole === first
  if (!whole.startsWith(first)) return false
  const last = rest.pop()!
  let at = first.length
  for (const part of rest) {
    const found = whole.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return whole.length - last.length >= at && whole.endsWith(last)
}

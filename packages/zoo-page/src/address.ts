/** What of the zoo is shown, as the address says it. */
export type View =
  | { readonly kind: 'list' }
  /** `release` null: the newest. */
  | { readonly kind: 'entry'; readonly name: string; readonly release: string | null }
  | { readonly kind: 'compare'; readonly one: string; readonly other: string }

/** A list in which a second entry is chosen to compare with. */
export const pickParameter = 'pick'

export function viewOf(address: URLSearchParams): View {
  const [one, other, entry] = [address.get('compare'), address.get('with'), address.get('entry')]
  if (one !== null && other !== null) return { kind: 'compare', one, other }
  if (entry === null) return { kind: 'list' }
  const { name, release } = referenceOf(entry)
  return { kind: 'entry', name, release }
}

/** `me/photos@1.0.0`, or without a release. */
export function referenceOf(text: string): { readonly name: string; readonly release: string | null } {
  const at = text.indexOf('@')
  return at < 0 ? { name: text, release: null } : { name: text.slice(0, at), release: text.slice(at + 1) }
}

export const entryAddress = (id: string): string => `?entry=${readable(id)}`
export const compareAddress = (one: string, other: string): string => `?compare=${readable(one)}&with=${readable(other)}`

/** `/` and `@` may stand as they are in a query, and are read more easily. */
const readable = (text: string) => encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%40', '@')

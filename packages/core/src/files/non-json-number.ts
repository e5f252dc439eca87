/** NaN or an infinity somewhere in a value, with its place: `metrics.loss of NaN`; null when there is none. */
export function nonJsonNumber(value: unknown, place = ''): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : `${place || 'a number'} of ${value}`
  if (typeof value !== 'object' || value === null) return null
  for (const [name, inner] of Object.entries(value)) {
    const found = nonJsonNumber(inner, place === '' ? name : `${place}.${name}`)
    if (found !== null) return found
  }
  return null
}

import { coreErrors } from '../errors/index.js'

/**
 * A value as JSON. JSON.stringify writes null for a number that JSON cannot hold, and whoever reads the file finds it damaged, for ever.
 * @param indent spaces; 0 = one line without its end
 * @throws MNAS_INTERNAL that names the number's place: it should have been found where it was made
 */
export function jsonText(value: unknown, indent = 2): string {
  requireJsonNumbers(value)
  return indent === 0 ? JSON.stringify(value) : `${JSON.stringify(value, null, indent)}\n`
}

/** @throws MNAS_INTERNAL for NaN and the infinities, wherever they stand in the value */
export function requireJsonNumbers(value: unknown, place = ''): void {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw coreErrors.MNAS_INTERNAL({ what: `${place || 'an answer'} is ${value}, which JSON cannot hold` })
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) requireJsonNumbers(inner, place === '' ? name : `${place}.${name}`)
}

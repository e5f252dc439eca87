import { coreErrors } from '../errors/index.js'
import { nonJsonNumber } from './non-json-number.js'

/**
 * A value as JSON. JSON.stringify writes null for a number that JSON cannot hold, and whoever reads the file finds it damaged, for ever.
 * @param indent spaces; 0 = one line without its end
 * @throws MNAS_INTERNAL that names the number's place: it should have been found where it was made
 */
export function jsonText(value: unknown, indent = 2): string {
  const found = nonJsonNumber(value)
  if (found !== null) throw coreErrors.MNAS_INTERNAL({ what: `JSON cannot hold ${found}` })
  return indent === 0 ? JSON.stringify(value) : `${JSON.stringify(value, null, indent)}\n`
}

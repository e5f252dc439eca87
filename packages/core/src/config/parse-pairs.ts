import type { Json, JsonObject } from '../contracts/index.js'
import { configErrors } from './errors.js'

/**
 * `classes=6`, `name=value` as flags take them, several of them: JSON where the value is JSON, else text.
 * @throws MNAS_CONFIG_PAIR for one without a name, without `=`, or of a name that was said before
 */
export function parsePairs(pairs: readonly string[]): JsonObject {
  const found = new Map<string, Json>()
  for (const pair of pairs) {
    const { name, value } = /^(?<name>[\w.-]+)=(?<value>.*)$/s.exec(pair)?.groups ?? {}
    if (name === undefined || value === undefined || found.has(name)) throw configErrors.MNAS_CONFIG_PAIR({ received: pair })
    found.set(name, jsonOrText(value))
  }
  return Object.fromEntries(found)
}

function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

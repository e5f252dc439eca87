import type { Json, JsonObject } from '../contracts/index.js'
import { configErrors } from './errors.js'

/**
 * `classes=6`, `name=value` as flags take them, several of them: JSON where the value is JSON, else text.
 * @throws MNAS_CONFIG_PAIR for one without a name, without `=`, or of a name that was said before
 */
export function parsePairs(pairs: readonly string[]): JsonObject {
  return Object.fromEntries([...splitPairs(pairs)].map(([name, value]) => [name, jsonOrText(value)]))
}

/** The same with the values as they were written. */
export function splitPairs(pairs: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const pair of pairs) {
    const { name, value } = /^(?<name>[\w.-]+)=(?<value>.*)$/s.exec(pair)?.groups ?? {}
    if (name === undefined || value === undefined || found.has(name)) throw configErrors.MNAS_CONFIG_PAIR({ received: pair })
    found.set(name, value)
  }
  return found
}

function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

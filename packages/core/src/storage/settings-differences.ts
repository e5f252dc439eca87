import type { Json, JsonObject } from '../contracts/index.js'
import { hashJson } from '../files/index.js'

/** What differs between recorded and asked settings, one phrase a field: `size is 96 in the run and 128 now`. */
export function settingsDifferences(recorded: JsonObject, asked: JsonObject, prefix = ''): readonly string[] {
  const names = [...new Set([...Object.keys(recorded), ...Object.keys(asked)])].sort()
  return names.flatMap((name) => {
    const from = recorded[name] ?? null
    const to = asked[name] ?? null
    if (isObject(from) && isObject(to)) return settingsDifferences(from, to, `${prefix}${name}.`)
    if (Array.isArray(from) && Array.isArray(to) && from.length === to.length)
      return settingsDifferences(byIndex(from), byIndex(to), `${prefix}${name}.`)
    if (hashJson(from) === hashJson(to)) return []
    return [`${prefix}${name} is ${inWords(from)} in the run and ${inWords(to)} now`]
  })
}

const byIndex = (list: readonly Json[]): JsonObject => Object.fromEntries(list.entries())

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Characters: a table of blocks would bury the rest of the message. */
const longestValue = 80

/** Hashes are shortened: their ends tell nobody anything. */
function inWords(value: Json): string {
  if (value === null) return 'not set'
  if (typeof value === 'string') return `"${/^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value}"`
  const json = JSON.stringify(value)
  if (json.length <= longestValue) return json
  return Array.isArray(value) ? `${value.length} entries` : `${json.slice(0, longestValue)}…`
}

import { parseJson } from '@mnas/core/files'
import type { z } from 'zod'
import { zooErrors } from '../errors.js'

/** Where a file stands, for errors. */
export interface FilePlace {
  readonly location: string
  readonly key: string
}

/** What is wrong with a JSON file from elsewhere; the first thing that is. */
export interface ForeignFault {
  readonly kind: 'text' | 'depth' | 'json' | 'key' | 'version' | 'schema'
  /** In words. */
  readonly reason: string
  /** Of the schema: where, and what was expected there. */
  readonly issues: readonly { readonly field: string; readonly expected: string }[]
  readonly cause?: unknown
}

export type ForeignJson<T> = { readonly data: T } | { readonly fault: ForeignFault }

/**
 * What a JSON file from elsewhere says, checked before it is believed: bytes, depth, keys that are no data, schema.
 * @param depth brackets within brackets, at most
 * @throws MNAS_ZOO_DAMAGED
 */
export function readForeignJson<T>(bytes: Uint8Array, place: FilePlace, schema: z.ZodType<T>, depth: number): T {
  const found = lookAtForeignJson(bytes, schema, depth)
  if ('data' in found) return found.data
  const { reason, cause } = found.fault
  throw zooErrors.MNAS_ZOO_DAMAGED({ ...place, reason }, cause)
}

/** The same, without an error. */
export function lookAtForeignJson<T>(bytes: Uint8Array, schema: z.ZodType<T>, depth: number): ForeignJson<T> {
  const wrong = (kind: ForeignFault['kind'], reason: string, cause?: unknown): ForeignJson<T> => ({
    fault: { kind, reason, issues: [], ...(cause !== undefined && { cause }) },
  })
  const text = decode(bytes)
  if (text === null) return wrong('text', 'it is not UTF-8')
  // JSON.parse takes any depth; what looks at its result afterwards calls itself.
  if (depthOf(text) > depth) return wrong('depth', `it is nested deeper than ${depth} levels`)
  let found: unknown
  try {
    found = parseJson(text)
  } catch (error) {
    return wrong('json', (error as Error).message, error)
  }
  // Looked for only where it can be: shards are long.
  if (/__proto__|\\u/.test(text) && holdsPrototype(found)) return wrong('key', 'it holds a key "__proto__"')
  const { version } = (found ?? {}) as { readonly version?: unknown }
  if (typeof version === 'number' && version > 1)
    return wrong('version', `it is of version ${version}, and this mnas knows 1: update mnas`)
  const { data, error } = schema.safeParse(found)
  if (!error) return { data }
  const issues = error.issues.map(({ path, message }) => ({
    field: path.join('.') || 'the whole file',
    expected: expectation(message),
  }))
  const { field, expected } = issues[0]!
  return { fault: { kind: 'schema', reason: `at "${field}", expected ${expected}`, issues, cause: error } }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Of brackets outside of texts; of what is no JSON it says anything. */
function depthOf(text: string): number {
  let [depth, deepest, inText] = [0, 0, false]
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (inText) {
      if (letter === '\\') at++
      else if (letter === '"') inText = false
    } else if (letter === '"') inText = true
    else if (letter === '{' || letter === '[') deepest = Math.max(deepest, ++depth)
    else if (letter === '}' || letter === ']') depth--
  }
  return deepest
}

function holdsPrototype(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(holdsPrototype)
}

const expectation = (message: string) => message.replace(/^Invalid (?:input|option|value): expected /, '')

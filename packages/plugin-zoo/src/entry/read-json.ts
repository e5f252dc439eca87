import { parseJson } from '@mnas/core/files'
import type { z } from 'zod'
import { zooErrors } from '../errors.js'

/** Where a file stands, for errors. */
export interface FilePlace {
  readonly location: string
  readonly key: string
}

/**
 * What a JSON file from elsewhere says, checked before it is believed: bytes, depth, keys that are no data, schema.
 * @param depth brackets within brackets, at most
 * @throws MNAS_ZOO_DAMAGED
 */
export function readForeignJson<T>(bytes: Uint8Array, place: FilePlace, schema: z.ZodType<T>, depth: number): T {
  const damaged = (reason: string, cause?: unknown) => zooErrors.MNAS_ZOO_DAMAGED({ ...place, reason }, cause)
  const text = decode(bytes)
  if (text === null) throw damaged('it is not UTF-8')
  // JSON.parse takes any depth; what looks at its result afterwards calls itself.
  if (depthOf(text) > depth) throw damaged(`it is nested deeper than ${depth} levels`)
  const found = parsed(text, damaged)
  // Looked for only where it can be: shards are long.
  if (/__proto__|\\u/.test(text) && holdsPrototype(found)) throw damaged('it holds a key "__proto__"')
  const { version } = (found ?? {}) as { readonly version?: unknown }
  if (typeof version === 'number' && version > 1) throw damaged(`it is of version ${version}, and this mnas knows 1: update mnas`)
  const result = schema.safeParse(found)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  throw damaged(`at "${issue.path.join('.') || 'the whole file'}", expected ${expectation(issue.message)}`, result.error)
}

function parsed(text: string, damaged: (reason: string, cause: unknown) => Error): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    throw damaged((error as Error).message, error)
  }
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

import { readFile } from 'node:fs/promises'
import { parseJson } from './parse-json.js'
import { reasonOf } from './write-atomic.js'

/** Why a JSON file cannot be used. */
export interface JsonFault {
  readonly kind: 'unreadable' | 'notJson'
  /** In words, e.g. `permission denied`, `it is not JSON (it ends too early at line 1, column 2)`. */
  readonly reason: string
  readonly cause: unknown
}

/**
 * What a JSON file holds, or null when there is no such file; what stands in it is not looked at.
 * @param refuse the caller's error for a file that is there and cannot be used
 */
export async function readJson(path: string, refuse: (fault: JsonFault) => Error): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw refuse({ kind: 'unreadable', reason: reasonOf(cause), cause })
  }
  const value = parse(text, refuse)
  // Else it would seem to be missing.
  if (value === null) throw refuse({ kind: 'notJson', reason: 'it holds nothing but null', cause: undefined })
  return value
}

function parse(text: string, refuse: (fault: JsonFault) => Error): unknown {
  try {
    return parseJson(text)
  } catch (cause) {
    throw refuse({ kind: 'notJson', reason: (cause as Error).message, cause })
  }
}

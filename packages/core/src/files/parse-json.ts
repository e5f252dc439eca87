/**
 * JSON.parse for files that people write: the message says in a few words what is wrong, and where.
 * @throws Error, e.g. `it is not JSON (a comma before the closing bracket at line 4, column 1)`
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`it is not JSON (${describe(text)})`, { cause: error })
  }
}

function describe(text: string): string {
  if (text.startsWith('\ufeff')) return 'a byte order mark at line 1, column 1: save it as UTF-8 without one'
  // What a decoder makes of bytes that are no UTF-8, and every second byte of UTF-16.
  const foreign = /[\ufffd\0]/.exec(text)
  if (foreign) return `bytes that are not UTF-8 at ${placeOf(text, foreign.index)}`
  const position = firstFault(text)
  return `${whatIsWrong(text, position)} at ${placeOf(text, position)}`
}

function whatIsWrong(text: string, position: number): string {
  const found = text.slice(position).match(/^(?:\w+|\S)/u)?.[0]
  if (found === undefined) return 'it ends too early'
  const before = text.slice(0, position).trimEnd().at(-1)
  if (before === ',' && /^[}\]]/.test(found)) return 'a comma before the closing bracket'
  return `unexpected ${found.length > 20 ? `${found.slice(0, 20)}…` : found}`
}

/** Lines and columns from 1. */
function placeOf(text: string, position: number): string {
  const lines = text.slice(0, position).split('\n')
  return `line ${lines.length}, column ${lines.at(-1)!.length + 1}`
}

const space = /[ \t\n\r]*/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?!\w)/y

/** What may stand next. `first…` may also be the bracket that closes an empty list or object. */
type Next = 'value' | 'firstValue' | 'key' | 'firstKey' | 'colon' | 'commaOrEnd'

/** Where a text stops being JSON: its length when it is only too short. JSON.parse does not always tell. */
function firstFault(text: string): number {
  const closers: string[] = []
  let next: Next = 'value'
  let at = 0
  const take = (pattern: RegExp | string): boolean => {
    if (typeof pattern === 'string') {
      if (!text.startsWith(pattern, at)) return false
      at += pattern.length
      return true
    }
    pattern.lastIndex = at
    const [taken] = pattern.exec(text) ?? []
    at += taken?.length ?? 0
    return taken !== undefined
  }
  const close = (): boolean => closers.length > 0 && take(closers.at(-1)!) && closers.pop() !== undefined
  const open = (closer: string, inside: Next): Next => {
    closers.push(closer)
    return inside
  }
  const step = (): Next | undefined => {
    switch (next) {
      case 'firstValue':
      case 'value':
        if (next === 'firstValue' && close()) return 'commaOrEnd'
        if (take('[')) return open(']', 'firstValue')
        if (take('{')) return open('}', 'firstKey')
        return take(string) || take(scalar) ? 'commaOrEnd' : undefined
      case 'firstKey':
      case 'key':
        if (next === 'firstKey' && close()) return 'commaOrEnd'
        return take(string) ? 'colon' : undefined
      case 'colon':
        return take(':') ? 'value' : undefined
      case 'commaOrEnd':
        if (close()) return 'commaOrEnd'
        if (closers.length > 0 && take(',')) return closers.at(-1) === '}' ? 'key' : 'value'
        return undefined
      default:
        return next satisfies never
    }
  }
  for (;;) {
    take(space)
    const following = step()
    if (following === undefined) return at
    next = following
  }
}

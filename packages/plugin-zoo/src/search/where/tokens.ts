/** A part of a condition, and where it begins, from 0. */
export interface Token {
  readonly kind: 'word' | 'text' | 'operator'
  readonly text: string
  readonly at: number
}

const pattern = /\s*(?:(?<operator>&&|\|\||[=!<>]=|[<>!()])|"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<word>[^\s&|=!<>()"']+))/y

/** Null for a letter that nothing begins with, and its place. */
export function tokensOf(text: string): readonly Token[] | { readonly at: number } {
  const tokens: Token[] = []
  for (let at = 0; text.slice(at).trim() !== ''; ) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null) return { at: at + text.slice(at).search(/\S/) }
    const { operator, double, single, word } = found.groups!
    const quoted = double ?? single
    const kind = operator !== undefined ? 'operator' : word !== undefined ? 'word' : 'text'
    const begins = at + found[0].length - (operator ?? word ?? `"${quoted}"`).length
    tokens.push({ kind, text: operator ?? word ?? quoted!, at: begins })
    at = pattern.lastIndex
  }
  return tokens
}

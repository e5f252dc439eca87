import { didYouMean } from '@mnas/core/errors'
import { searchErrors } from '../errors.js'
import { type Comparison, type Condition, comparisons } from './condition.js'
import { type FieldKind, kindOf, readValue } from './fields.js'
import { type Token, tokensOf } from './tokens.js'

const longest = 1000
const deepest = 50

/**
 * `top1>=0.8 && (sizeBytes<2MB || precision==int8)`: comparisons joined by &&, || and !, with brackets. && binds more than ||.
 * @param metrics names of what the entries at hand are measured by
 * @throws MNAS_ZOO_WHERE with the place
 */
export function parseWhere(text: string, metrics: readonly string[]): Condition {
  const wrong = (at: number, expected: string, hint = '') =>
    searchErrors.MNAS_ZOO_WHERE({
      text: text.slice(0, 200),
      column: at + 1,
      expected,
      received: text.slice(at, at + 20) || 'its end',
      hint,
    })
  if (text.length > longest) throw wrong(longest, `at most ${longest} letters`)
  const tokens = tokensOf(text)
  if (!Array.isArray(tokens)) throw wrong((tokens as { readonly at: number }).at, 'a comparison such as top1>=0.8')
  return new Parser(tokens, text.length, metrics, wrong).parse()
}

type Wrong = (at: number, expected: string, hint?: string) => Error

class Parser {
  readonly #tokens: readonly Token[]
  readonly #end: number
  readonly #metrics: readonly string[]
  readonly #wrong: Wrong
  #next = 0

  constructor(tokens: readonly Token[], end: number, metrics: readonly string[], wrong: Wrong) {
    this.#tokens = tokens
    this.#end = end
    this.#metrics = metrics
    this.#wrong = wrong
  }

  parse(): Condition {
    const condition = this.#joined('or', '||', (depth) => this.#and(depth), 0)
    if (this.#next < this.#tokens.length) throw this.#wrong(this.#at, '&&, || or the end')
    return condition
  }

  #and(depth: number): Condition {
    return this.#joined('and', '&&', (inner) => this.#not(inner), depth)
  }

  #joined(kind: 'and' | 'or', operator: string, part: (depth: number) => Condition, depth: number): Condition {
    const parts = [part(depth)]
    while (this.#take(operator)) parts.push(part(depth))
    return parts.length === 1 ? parts[0]! : { kind, parts }
  }

  #not(depth: number): Condition {
    if (depth > deepest) throw this.#wrong(this.#at, `at most ${deepest} levels`)
    if (this.#take('!')) return { kind: 'not', of: this.#not(depth + 1) }
    if (!this.#take('(')) return this.#comparison()
    const inside = this.#joined('or', '||', (inner) => this.#and(inner), depth + 1)
    if (!this.#take(')')) throw this.#wrong(this.#at, 'a closing bracket')
    return inside
  }

  #comparison(): Condition {
    const at = this.#at
    const field = this.#tokens[this.#next]
    if (field?.kind !== 'word') throw this.#wrong(at, 'a comparison such as top1>=0.8')
    const kind = kindOf(field.text, this.#metrics)
    if (kind === null) throw this.#wrong(at, 'a known field', didYouMean(field.text, this.#known()))
    this.#next++
    const by = this.#tokens[this.#next]
    if (by?.kind !== 'operator' || !isComparison(by.text)) throw this.#wrong(this.#at, comparisons.join(', '))
    if (kind === 'text' && by.text !== '==' && by.text !== '!=') throw this.#wrong(this.#at, '== or !=, since it is a text')
    this.#next++
    return { kind: 'compare', field: field.text, by: by.text, value: this.#value(kind) }
  }

  #value(kind: FieldKind): number | string {
    const at = this.#at
    const token = this.#tokens[this.#next]
    if (!token || token.kind === 'operator') throw this.#wrong(at, 'a value')
    this.#next++
    const value = readValue(kind, token.text)
    if (value === null) throw this.#wrong(at, expected[kind])
    return value
  }

  #known(): readonly string[] {
    return [
      ...this.#metrics,
      'ms',
      'sizeBytes',
      'parameters',
      'multiplyAdds',
      'inputSize',
      'classes',
      'precision',
      'dataset',
      'licence',
    ]
  }

  get #at(): number {
    return this.#tokens[this.#next]?.at ?? this.#end
  }

  #take(operator: string): boolean {
    const token = this.#tokens[this.#next]
    if (token?.kind !== 'operator' || token.text !== operator) return false
    this.#next++
    return true
  }
}

const isComparison = (text: string): text is Comparison => (comparisons as readonly string[]).includes(text)

const expected = {
  text: 'a text',
  number: 'a number',
  metric: 'a number such as 0.8 or 80%',
  count: 'a number such as 3M or 400000',
  bytes: 'a size such as 2MB',
  ms: 'a time such as 10ms',
} as const satisfies Record<FieldKind, string>

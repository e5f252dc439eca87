import fc from 'fast-check'

/** What a bad line, a full buffer or another program does to a text. */
export const mutation = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), from: fc.nat(), length: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), text: fc.string({ maxLength: 12 }) }),
  fc.record({ kind: fc.constant('digit' as const), at: fc.nat(), digit: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ kind: fc.constant('swap' as const), first: fc.nat(), second: fc.nat() }),
  fc.record({ kind: fc.constant('end' as const), at: fc.nat() }),
)
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never

export function mutate(text: string, change: Mutation): string {
  const place = (at: number) => at % (text.length + 1)
  switch (change.kind) {
    case 'cut':
      return text.slice(0, place(change.from)) + text.slice(place(change.from) + change.length)
    case 'insert':
      return text.slice(0, place(change.at)) + change.text + text.slice(place(change.at))
    case 'digit':
      return text.slice(0, place(change.at)) + change.digit + text.slice(place(change.at) + 1)
    case 'swap': {
      const lines = text.split('\n')
      const [a, b] = [change.first % lines.length, change.second % lines.length]
      return lines.map((line, at) => (at === a ? lines[b] : at === b ? lines[a] : line)).join('\n')
    }
    case 'end':
      return text.slice(0, place(change.at))
    default:
      return change satisfies never
  }
}

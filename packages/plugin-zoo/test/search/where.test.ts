import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Condition, comparisons, holds, matches } from '#internal/search/where/condition.js'
import { fields } from '#internal/search/where/fields.js'
import { parseWhere } from '#internal/search/where/parse-where.js'

const metrics = ['top1', 'loss']
const row: Readonly<Record<string, number | string>> = {
  ...{ top1: 0.82, loss: 0.7, sizeBytes: 1_900_000, parameters: 3_000_000, ms: 9.5, task: 'classification', licence: 'MIT' },
  ...{ name: 'me/photos', precision: 'int8' },
}
const isTrue = (text: string) => holds(parseWhere(text, metrics), (field) => row[field])
const failure = (text: string) => {
  try {
    parseWhere(text, metrics)
    return null
  } catch (error) {
    return error as { readonly code: string; readonly message: string }
  }
}

describe('a condition', () => {
  it.each([
    ['top1>=0.8 && sizeBytes<2MB', true],
    ['top1 >= 82%', true],
    ['top1>0.82', false],
    ['sizeBytes<1.8MB', false],
    ['sizeBytes < 1.9MiB', true],
    ['parameters<=3M', true],
    ['ms<10ms && ms<.01s && ms<10', true],
    ['licence==mit', true],
    ['licence != mit', false],
    ['name=="me/*"', true],
    ["name=='you/*'", false],
    ['precision==int8 || top1>0.9 && ms<1', true],
    ['(precision==int8 || top1>0.9) && ms<1', false],
    ['!(top1<0.5)', true],
    ['!!top1>0.5', true],
    ['classes<5', false],
    ['classes>=5', false],
    ['classes!=5', false],
    ['!classes==5', true],
  ])('%s is %s', (text, expected) => {
    expect(isTrue(text)).toBe(expected)
  })

  it.each([
    ['', 1, 'a comparison'],
    ['top1', 5, '=='],
    ['top1>=', 7, 'a value'],
    ['top1>=high', 7, 'a number such as 0.8 or 80%'],
    ['top2>=0.5', 1, 'Did you mean "top1"'],
    ['top1>=0.5 &&', 13, 'a comparison'],
    ['top1>=0.5 & ms<1', 11, 'a comparison'],
    ['(top1>=0.5', 11, 'a closing bracket'],
    ['top1>=0.5)', 10, '&&, || or the end'],
    ['licence<mit', 8, 'it is a text'],
    ['sizeBytes<2XB', 11, 'a size such as 2MB'],
    ['__proto__==1', 1, 'a known field'],
    ['constructor==1', 1, 'a known field'],
    ['name=="open', 7, 'a comparison'],
    [`${'('.repeat(60)}top1>0`, 52, 'at most 50 levels'],
    ['!'.repeat(60), 52, 'at most 50 levels'],
    [`top1>0${' && top1>0'.repeat(200)}`, 1001, 'at most 1000 letters'],
  ])('"%s" is refused at column %i', (text, column, reason) => {
    const found = failure(text)
    expect(found?.code).toBe('MNAS_ZOO_WHERE')
    expect(found?.message).toContain(`at column ${column}.`)
    expect(found?.message).toContain(reason)
  })

  it('is read as it was written, whatever it is', () => {
    const compare = fc.record({
      kind: fc.constant('compare' as const),
      field: fc.constantFrom('top1', 'loss', 'inputSize', 'classes', 'threads'),
      by: fc.constantFrom(...comparisons),
      value: fc.integer({ min: -5, max: 500 }),
    })
    const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
      condition: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        compare,
        fc.record({
          kind: fc.constantFrom('and' as const, 'or' as const),
          parts: fc.array(tie('condition'), { minLength: 2, maxLength: 3 }),
        }),
        fc.record({ kind: fc.constant('not' as const), of: tie('condition') }),
      ),
    }))
    const written = (one: Condition): string => {
      switch (one.kind) {
        case 'compare':
          return `${one.field} ${one.by} ${one.value}`
        case 'not':
          return `!(${written(one.of)})`
        case 'and':
          return one.parts.map((part) => `(${written(part)})`).join(' && ')
        case 'or':
          return one.parts.map((part) => `(${written(part)})`).join('||')
        default:
          return one satisfies never
      }
    }
    const values = fc.record({ top1: fc.integer(), loss: fc.integer(), inputSize: fc.integer(), classes: fc.integer() })
    fc.assert(
      fc.property(condition, values, (one, known) => {
        const text = written(one)
        fc.pre(text.length <= 1000)
        const fieldOf = (field: string) => (known as Readonly<Record<string, number>>)[field]
        expect(holds(parseWhere(text, metrics), fieldOf)).toBe(holds(one, fieldOf))
      }),
    )
  })

  it('is never anything but read or refused', () => {
    const words = fc.constantFrom(
      'top1',
      'ms',
      '>=',
      '==',
      '!',
      '(',
      ')',
      '&&',
      '||',
      '0.5',
      '2MB',
      '"x',
      "'",
      ' ',
      ...Object.keys(fields),
    )
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(words, { maxLength: 30 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        expect(failure(text)?.code ?? 'MNAS_ZOO_WHERE').toBe('MNAS_ZOO_WHERE')
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a pattern', () => {
  it('means what it means in shells', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'B', '*', '.'), maxLength: 8 })
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 10 })
    fc.assert(
      fc.property(text, letters, (whole, pattern) => {
        const expression = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 'i')
        expect(matches(whole, pattern)).toBe(expression.test(whole))
      }),
      { numRuns: 2000 },
    )
  })

  it('takes no longer than it is long', () => {
    expect(matches('a'.repeat(100_000), `${'a*'.repeat(2000)}b`)).toBe(false)
  })
})

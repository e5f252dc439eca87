import { isMnasError } from '@mnas/core/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryLimits } from '#internal/entry/entry-schema.js'
import { parseEntry } from '#internal/entry/parse-entry.js'
import { madeUpPublication } from '../support/made-up-publication.js'

/** More of them: MNAS_TEST_ENTRIES=100000. */
const numRuns = Number(process.env['MNAS_TEST_ENTRIES'] ?? 500)
const longestMs = Math.max(60_000, 5 * numRuns)
const good = new TextDecoder().decode(madeUpPublication().entry)
const parse = (text: string | Uint8Array) =>
  parseEntry(typeof text === 'string' ? new TextEncoder().encode(text) : text, { location: 'zoo', key: 'entry.json' })
const failure = (text: string | Uint8Array) => {
  try {
    parse(text)
    return null
  } catch (error) {
    return error as { readonly code: string; readonly message: string }
  }
}
const changed = (changes: object) => JSON.stringify({ ...JSON.parse(good), ...changes })

describe('an entry from elsewhere', () => {
  it('is read as it was written', () => {
    expect(parse(good)).toMatchObject({ name: 'me/photos', release: '1.0.0' })
  })

  it.each([
    ['cut off', good.slice(0, 500), 'it ends too early'],
    ['empty', '', 'it ends too early'],
    ['of a later version', changed({ version: 2 }), 'of version 2'],
    ['nested', `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`, 'nested deeper than 32 levels'],
    ['nested, in a claim', changed({ latency: [nested(40)] }), 'nested deeper than 32 levels'],
    ['with a prototype', good.replace('"version"', '"__proto__": {"admin": true}, "version"'), '__proto__'],
    ['with a hidden prototype', good.replace('"version"', '"\\u005f_proto__": {}, "version"'), '__proto__'],
    ['with a stranger', changed({ extra: 1 }), 'extra'],
    ['of null', 'null', 'expected'],
    ['with a path out', good.replace('"model.json"', '"../model.json"'), 'a relative path'],
    ['with itself among its files', good.replace('"model.json"', '"entry.json"'), 'one is called "entry.json"'],
    ['with its signature among them', good.replace('"model.json"', '"Model.SIG"'), 'one is called "Model.SIG"'],
    [
      'with attestations among them',
      good.replace('"model.json"', '"attestations/0.json"'),
      'one is called "attestations/0.json"',
    ],
    ['with a folder of its name', good.replace('"model.json"', '"ENTRY.json/x"'), 'one is called "ENTRY.json/x"'],
    [
      'with a command for the terminal in its card',
      good.replace('"photos in six classes"', '"photos\\u001b[2J"'),
      'card.summary',
    ],
    ['with another in a name', good.replace('"mnasnet-a1@0.35"', '"mnasnet\\u009b2J"'), 'architectureName'],
    ['with a line end in a name', good.replace('"quick"', '"quick\\nsigned"'), 'one line without control characters'],
    ['with a number out of range', good.replace('"inputSize": 96', '"inputSize": -1'), 'inputSize'],
  ])('is refused when it is %s', (_, text, reason) => {
    expect(failure(text)).toMatchObject({ code: 'MNAS_ZOO_DAMAGED', message: expect.stringContaining(reason) })
  })

  it('may hold paragraphs', () => {
    const card = { summary: 'photos', intendedUse: 'one\n\ttwo', limits: '', risks: '' }
    expect(failure(changed({ card }))).toBeNull()
  })

  it('is refused when it is no UTF-8', () => {
    expect(failure(new Uint8Array([0x7b, 0xff, 0xfe]))).toMatchObject({ code: 'MNAS_ZOO_DAMAGED' })
  })

  it('changes nothing but itself', () => {
    failure(
      good.replace('"version"', '"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}, "version"'),
    )
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it(
    'is read or refused by name, whatever was done to it',
    () => {
      const cuts = fc.record({
        at: fc.nat(good.length),
        length: fc.nat(40),
        put: fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.json()),
      })
      const bytes = fc.uint8Array({ maxLength: 2000 })
      const damaged = fc.oneof(
        fc
          .array(cuts, { minLength: 1, maxLength: 3 })
          .map((edits) => edits.reduce((text, { at, length, put }) => text.slice(0, at) + put + text.slice(at + length), good)),
        fc.json({ maxDepth: 10 }),
        bytes,
      )
      fc.assert(
        fc.property(damaged, (text) => {
          const found = failure(text)
          if (found === null) return
          expect(isMnasError(found)).toBe(true)
          expect(found.code).toBe('MNAS_ZOO_DAMAGED')
        }),
        { numRuns },
      )
    },
    longestMs,
  )

  it('has a limit', () => {
    expect(entryLimits).toMatchObject({ entryBytes: 2 ** 20, files: 64, fileBytes: 4 * 2 ** 30 })
  })
})

function nested(levels: number): unknown {
  return Array.from({ length: levels }).reduce((inner) => ({ inner }), 1)
}

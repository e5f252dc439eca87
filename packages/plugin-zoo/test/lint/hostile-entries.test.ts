import { readFileSync } from 'node:fs'
import { jsonText } from '@mnas/core/files'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryJsonSchema } from '#internal/entry/entry-json-schema.js'
import { entryLimits } from '#internal/entry/entry-schema.js'
import { isEntryPath } from '#internal/entry/paths.js'
import { lookAtEntry } from '#internal/lint/look-at-entry.js'
import { accuracyClaim, latencyClaim, madeUpEntry } from '../support/made-up-entry.js'

/** More of them: MNAS_TEST_ENTRIES=100000. */
const numRuns = Number(process.env['MNAS_TEST_ENTRIES'] ?? 2000)
const timeout = 60_000 + 5 * numRuns

const encode = (text: string) => new TextEncoder().encode(text)
const look = (value: unknown) => lookAtEntry(encode(typeof value === 'string' ? value : JSON.stringify(value)), 'entry.json')
const codes = (value: unknown) => look(value).problems.map(({ code }) => code)

describe('an entry.json', () => {
  it('is one, and stays the same when it is written again', () => {
    const entry = madeUpEntry()
    expect(look(entry)).toEqual({ entry, problems: [] })
  })

  it.each([
    ['cut short', JSON.stringify(madeUpEntry()).slice(0, 400), 'MNAS_ZOO_ENTRY_JSON'],
    ['empty', '', 'MNAS_ZOO_ENTRY_JSON'],
    ['nothing but null', 'null', 'MNAS_ZOO_ENTRY'],
    ['a page', '<!doctype html><title>Login</title>', 'MNAS_ZOO_ENTRY_JSON'],
    ['of version 2', { ...madeUpEntry(), version: 2 }, 'MNAS_ZOO_ENTRY_VERSION'],
    ['of version "1"', { ...madeUpEntry(), version: '1' }, 'MNAS_ZOO_ENTRY'],
    ['of 2 MB', `${JSON.stringify(madeUpEntry())}${' '.repeat(2_000_000)}`, 'MNAS_ZOO_ENTRY_SIZE'],
    ['10⁶ levels deep', '['.repeat(1_000_000), 'MNAS_ZOO_ENTRY_DEPTH'],
    ['10⁶ levels deep and balanced', `${'['.repeat(500_000)}${']'.repeat(500_000)}`, 'MNAS_ZOO_ENTRY_DEPTH'],
    ['with a key __proto__', '{"version": 1, "__proto__": {"name": "x"}}', 'MNAS_ZOO_ENTRY_KEY'],
    ['with a hidden key __proto__', '{"version": 1, "\\u005f_proto__": {}}', 'MNAS_ZOO_ENTRY_KEY'],
    [
      'with a key __proto__ among its metrics',
      JSON.stringify(madeUpEntry()).replace('"top1"', '"__proto__"'),
      'MNAS_ZOO_ENTRY_KEY',
    ],
    ['with a key of nobody', { ...madeUpEntry(), extra: 1 }, 'MNAS_ZOO_ENTRY'],
  ])('%s: its own error', (_, value, code) => {
    expect(codes(value)).toEqual([code])
  })

  it('is not UTF-8: its own error', () => {
    expect(lookAtEntry(Uint8Array.of(0x7b, 0xff), 'entry.json').problems[0]?.code).toBe('MNAS_ZOO_ENTRY_JSON')
  })

  it('is told all that is wrong with it, each with its field', () => {
    const { problems } = look({
      ...madeUpEntry(),
      name: 'No Name',
      release: '1',
      licence: { ...madeUpEntry().licence, code: '?' },
    })
    expect(problems.map(({ message }) => /at "([\w.]+)"/.exec(message)?.[1])).toEqual(['name', 'release', 'licence.code'])
  })

  it.each([
    [
      'a measured number without its images',
      { accuracy: [accuracyClaim({ dataset: { ...accuracyClaim().dataset, fingerprint: null } })] },
    ],
    ['a measured number without its command', { accuracy: [accuracyClaim({ command: undefined })] }],
    ['a published number without its source', { accuracy: [accuracyClaim({ basis: 'published' })] }],
    ['a number of a file that is not there', { latency: [latencyClaim({ file: 'a'.repeat(64) })] }],
    ['a latency of nothing', { latency: [latencyClaim({ ms: { p50: 0, p90: null, p99: null, min: null } })] }],
    ['more files than an entry may have', { files: Array.from({ length: entryLimits.files + 1 }, (_, i) => file(`f${i}`)) }],
    ['two files of one name', { files: [...madeUpEntry().files, file('MODEL.json')] }],
    ['a licence of nobody', { licence: { ...madeUpEntry().licence, weights: 'ask me' } }],
  ])('with %s is none', (_, changes) => {
    expect(codes({ ...madeUpEntry(), ...changes })).toEqual(['MNAS_ZOO_ENTRY'])
  })

  it.each(['../x', '/x', 'C:x', 'a\\b', 'CON', 'aux.txt', 'a//b', 'a/./b', '.x', 'x.', 'é', 'a b', '', 'x'.repeat(201)])(
    'with a file at "%s" is none',
    (path) => {
      expect(isEntryPath(path)).toBe(false)
      expect(codes({ ...madeUpEntry(), files: [...madeUpEntry().files, file(path)] })).toEqual(['MNAS_ZOO_ENTRY'])
    },
  )
})

const file = (path: string) => ({ path, sha256: 'b'.repeat(64), sizeBytes: 1, role: 'chart' as const })

describe('hostile entries', () => {
  /** Places in an entry, and anything instead of what stands there. */
  const places = placesIn(madeUpEntry())
  const damaged = fc
    .array(fc.tuple(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 4 })), { minLength: 1, maxLength: 4 })
    .map((changes) => changes.reduce((entry, [place, value]) => withValue(entry, place, value), madeUpEntry() as unknown))

  it(
    'crash nothing, and what is taken is what was written',
    () => {
      fc.assert(
        fc.property(damaged, (value) => {
          const { entry, problems } = look(value)
          expect((entry === null) === problems.length > 0).toBe(true)
          if (entry === null) return
          for (const { path } of entry.files) expect(isEntryPath(path)).toBe(true)
          expect(look(jsonText(entry))).toEqual({ entry, problems: [] })
        }),
        { numRuns, seed: 13 },
      )
    },
    timeout,
  )

  it(
    'of any bytes crash nothing',
    () => {
      const bytes = Buffer.from(JSON.stringify(madeUpEntry()))
      const flipped = fc
        .array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
        .map((flips) => flips.reduce((all, [at, value]) => all.fill(value, at, at + 1), Buffer.from(bytes)))
      fc.assert(
        fc.property(fc.oneof(flipped, fc.uint8Array({ maxLength: 200 })), (any) => {
          const { entry, problems } = lookAtEntry(any, 'entry.json')
          expect((entry === null) === problems.length > 0).toBe(true)
          for (const { code } of problems) expect(code).toMatch(/^MNAS_ZOO_ENTRY/)
        }),
        { numRuns, seed: 14 },
      )
    },
    timeout,
  )
})

function placesIn(value: unknown, before: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [before]
  return [
    ...(before.length > 0 ? [before] : []),
    ...Object.entries(value).flatMap(([key, part]) => placesIn(part, [...before, key])),
  ]
}

function withValue(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put
  if (Array.isArray(value)) return value.map((part, at) => (String(at) === key ? withValue(part, rest, put) : part))
  if (typeof value !== 'object' || value === null) return value
  return { ...value, [key]: withValue((value as Record<string, unknown>)[key], rest, put) }
}

describe('the JSON Schema', () => {
  it('is committed as it is', () => {
    const committed = new URL('../../../../docs/entry.schema.json', import.meta.url)
    expect(JSON.parse(readFileSync(committed, 'utf8')), 'write it anew: mnas zoo lint --schema > docs/entry.schema.json').toEqual(
      JSON.parse(JSON.stringify(entryJsonSchema())),
    )
  })
})

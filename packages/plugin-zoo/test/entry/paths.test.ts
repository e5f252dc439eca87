import { posix, win32 } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blobKey, cardKey, entryKey, shardKey, shardOf } from '#internal/catalogue/keys.js'
import { isEntryName, isRelease } from '#internal/entry/names.js'
import { collidingPaths, isEntryPath } from '#internal/entry/paths.js'

/** More of them: MNAS_TEST_ENTRIES=100000. */
const numRuns = Number(process.env['MNAS_TEST_ENTRIES'] ?? 2000)

/** Paths, and what looks like one. */
const pieces = fc.constantFrom(
  ...[
    'a',
    'B',
    '.',
    '..',
    '/',
    '\\',
    ':',
    'C:',
    'CON',
    'nul',
    'com1',
    'LPT9',
    ' ',
    '-',
    '_',
    '@',
    '.tflite',
    '\0',
    '\u00e9',
    'e\u0301',
  ],
  ...['%2e%2e', '~', '*', '?', '<', '|', '"', '\n', '\u202e', 'aux', 'prn'],
)
const paths = fc.oneof(
  fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 250 }),
)

describe('a path of an entry', () => {
  it.each(['model.json', 'exports/photos-96px.int8.tflite', 'exports/tfjs/group1-shard1of1.bin', '@x/_y/-z', 'a'])(
    'may be "%s"',
    (path) => {
      expect(isEntryPath(path)).toBe(true)
    },
  )

  it.each([
    ...[
      '',
      '/',
      '/x',
      '../x',
      'a/../b',
      'a//b',
      'a/',
      './a',
      'C:x',
      'C:/x',
      'a\\b',
      'CON',
      'con.txt',
      'a/nul',
      'com1.bin',
      'LPT¹',
    ],
    ...['.hidden', 'a/.git/config', 'a ', 'a.', ' a', 'a\0b', 'a\nb', 'é', 'a%2fb/../c', '~/x', 'a'.repeat(201)],
  ])('is not %j', (path) => {
    expect(isEntryPath(path)).toBe(false)
  })

  it('stays below its folder, whatever is written and whatever the system', () => {
    fc.assert(
      fc.property(paths, (path) => {
        if (!isEntryPath(path)) return
        expect(posix.normalize(posix.join('/root', path)).startsWith('/root/')).toBe(true)
        expect(win32.normalize(win32.join('C:\\root', path)).startsWith('C:\\root\\')).toBe(true)
        expect(path.normalize('NFC')).toBe(path)
        expect(path).toMatch(/^[\w@./-]+$/)
      }),
      { numRuns },
    )
  })

  it('is another one for every system, or it collides', () => {
    expect(collidingPaths(['a/Model.json', 'a/model.json'])).toEqual(['a/Model.json', 'a/model.json'])
    expect(collidingPaths(['a/b', 'b', 'c'])).toBeNull()
  })
})

describe('names and releases', () => {
  it.each(['con/photos', 'me/aux', 'me/nul.v2', 'me/..', 'Me/x', 'me', 'me/x/y', '-me/x', 'me/x.', 'me/.x'])(
    'none is called "%s"',
    (name) => {
      expect(isEntryName(name)).toBe(false)
    },
  )

  it('give keys that are paths', () => {
    const part = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}[a-z0-9]$/)
    const releases = fc
      .tuple(fc.nat(), fc.nat(), fc.nat(), fc.constantFrom('', '-rc.1', '-alpha', '-0a'))
      .map(([a, b, c, d]) => `${a}.${b}.${c}${d}`)
    fc.assert(
      fc.property(part, part, releases, (owner, model, release) => {
        const name = `${owner}/${model}`
        fc.pre(isEntryName(name) && isRelease(release))
        const keys = [
          entryKey(name, release),
          cardKey(name, release),
          blobKey('ab'.repeat(32)),
          shardKey(shardOf(name), 'cd'.repeat(32)),
        ]
        expect(keys.filter((key) => !isEntryPath(key))).toEqual([])
      }),
      { numRuns },
    )
  })
})

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exists, type JsonFault, parseJson, readJson } from '@mnas/core/files'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('parseJson', () => {
  it.each([
    ['{"a": 1,}', 'a comma before the closing bracket at line 1, column 9'],
    ['{\n  "a": [1, 2,\n  ]\n}', 'a comma before the closing bracket at line 3, column 3'],
    ['\ufeff{"a": 1}', 'a byte order mark at line 1, column 1: save it as UTF-8 without one'],
    ['{\n"a": 1', 'it ends too early at line 2, column 7'],
    ['', 'it ends too early at line 1, column 1'],
    ['{"a" 1}', 'unexpected 1 at line 1, column 6'],
    ['{a: 1}', 'unexpected a at line 1, column 2'],
    ['{"a": tru}', 'unexpected tru at line 1, column 7'],
    ["{'a': 1}", "unexpected ' at line 1, column 2"],
    ['[1 2]', 'unexpected 2 at line 1, column 4'],
    ['[01]', 'unexpected 01 at line 1, column 2'],
    ['{"a": "\t"}', 'unexpected " at line 1, column 7'],
    ['{} // what for', 'unexpected / at line 1, column 4'],
    ['[1}', 'unexpected } at line 1, column 3'],
    ['c\0a\0', 'bytes that are not UTF-8 at line 1, column 2'],
  ])('%j: %s', (text, reason) => {
    expect(() => parseJson(text)).toThrow(`it is not JSON (${reason})`)
  })

  it('takes what JSON.parse takes, and names a place inside everything else', () => {
    const spoilt = fc.tuple(fc.json(), fc.nat(), fc.constantFrom(...'{}[],:"x0 \n')).map(([text, at, character]) => {
      const place = at % (text.length + 1)
      return text.slice(0, place) + character + text.slice(place)
    })
    fc.assert(
      fc.property(fc.oneof(fc.json(), spoilt), (text) => {
        let expected: unknown
        try {
          expected = JSON.parse(text)
        } catch {
          expect(() => parseJson(text)).toThrow(/at line \d+, column \d+/)
          return
        }
        expect(parseJson(text)).toEqual(expected)
      }),
    )
  })
})

describe('files', () => {
  let folder: string
  const path = (name: string) => join(folder, name)
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mnas-json-'))
    await writeFile(path('good.json'), '{"a": [1]}')
    await writeFile(path('bad.json'), '{"a": [1]')
    await writeFile(path('null.json'), 'null')
    await mkdir(path('folder.json'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** The fault as an error's message. */
  const read = (name: string) => readJson(path(name), ({ kind, reason }: JsonFault) => new Error(`${kind}: ${reason}`))

  it('are read, missing or refused with the error of the caller', async () => {
    expect(await read('good.json')).toEqual({ a: [1] })
    expect(await read('missing.json')).toBeNull()
    await expect(read('bad.json')).rejects.toThrow('notJson: it is not JSON (it ends too early at line 1, column 10)')
    await expect(read('null.json')).rejects.toThrow('notJson: it holds nothing but null')
    await expect(read('folder.json')).rejects.toThrow('unreadable: a folder stands in its place')
    await expect(read('good.json/below.json')).rejects.toThrow('unreadable: a file stands where a folder is needed')
  })

  it('exist or do not', async () => {
    expect([await exists(path('good.json')), await exists(folder), await exists(path('missing'))]).toEqual([true, true, false])
  })
})

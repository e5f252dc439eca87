import { writeFile } from 'node:fs/promises'
import { readLabels } from '@mnas/core/import'
import { describe, expect, it } from 'vitest'
import { temporaryImports } from './made-up-imports.js'

const { path } = temporaryImports()

describe('labels', () => {
  it('drop a byte order mark, and take any line ends', async () => {
    const file = path('bom.txt')
    await writeFile(file, '\ufeffcat\r\ndog\r\n')
    expect(await readLabels(file, 2)).toEqual(['cat', 'dog'])
  })

  it.each([
    ['utf16.txt', Buffer.from('\ufeffcat\r\ndog\r\n', 'utf16le'), 'UTF-16: save it as UTF-8'],
    ['utf16-unmarked.txt', Buffer.from('cat\ndog\n', 'utf16le'), 'UTF-16: save it as UTF-8'],
    ['latin1.txt', Buffer.from('caf\u00e9\ndog\n', 'latin1'), 'bytes that are not UTF-8: save it as UTF-8'],
  ])('in another encoding are refused by name: %s', async (name, bytes, received) => {
    await writeFile(path(name), bytes)
    await expect(readLabels(path(name), 2)).rejects.toMatchObject({
      code: 'MNAS_IMPORT_LABELS',
      message: expect.stringContaining(`received ${received}`),
    })
  })

  it.each([
    ['a\nb\n', '2 lines'],
    ['a\n\nc', 'an empty line'],
    ['a\nb\na\n', '"a" more than once'],
  ])('%j are refused', async (text, received) => {
    const file = path('wrong.txt')
    await writeFile(file, text)
    await expect(readLabels(file, 3)).rejects.toMatchObject({
      code: 'MNAS_IMPORT_LABELS',
      message: expect.stringContaining(received),
    })
  })

  it('that cannot be read are named', async () => {
    await expect(readLabels(path('nothing.txt'), 3)).rejects.toMatchObject({ code: 'MNAS_FILE_MISSING' })
  })
})

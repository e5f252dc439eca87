import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeAbandoned } from '@mnas/core/files'
import { afterEach, beforeEach, expect, it } from 'vitest'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-abandoned-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('removes what was begun of one path a day ago, files and folders, and nothing else', async () => {
  const abandoned = ['photos.0123abcd.tmp', 'photos.89abcdef.tmp']
  const others = ['photos', 'photos.notes.tmp', 'photos.v2.0123abcd.tmp', 'more-photos.0123abcd.tmp']
  await mkdir(join(folder, abandoned[0]!, 'exports'), { recursive: true })
  for (const name of [abandoned[1]!, ...others]) await writeFile(join(folder, name), '')
  for (const name of [...abandoned, ...others]) await utimes(join(folder, name), 0, 0)
  // Somebody may be at it.
  await mkdir(join(folder, 'photos.4567cdef.tmp'))
  await removeAbandoned(join(folder, 'photos'))
  expect((await readdir(folder)).sort()).toEqual([...others, 'photos.4567cdef.tmp'].sort())
})

it('has nothing to do where no folder is', async () => {
  await removeAbandoned(join(folder, 'none', 'photos'))
  expect(await readdir(folder)).toEqual([])
})

import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requireOutsideImages } from '@mnas/core/deployment'
import { liesWithin } from '@mnas/core/files'
import { requireChartsFolder } from '@mnas/core/workflows'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let folder: string
const path = (...names: string[]) => join(folder, ...names)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-within-'))
  await mkdir(path('photos', 'cat'), { recursive: true })
  await mkdir(path('photos-2'))
  await symlink(path('photos'), path('link'), 'dir')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('liesWithin', () => {
  it.each([
    ['the folder itself', ['photos'], true],
    ['a folder in it', ['photos', 'cat'], true],
    ['what is not there yet', ['photos', 'runs', 'new', 'one'], true],
    ['by way of a link', ['link', 'runs'], true],
    ['one beside it whose name begins alike', ['photos-2'], false],
    ['the folder around it', [], false],
    ['out of it again', ['photos', '..', 'runs'], false],
  ])('%s', async (_, names, expected) => {
    expect(await liesWithin(path(...names), path('photos'))).toBe(expected)
  })

  it('knows the folder by a link to it', async () => {
    expect(await liesWithin(path('photos', 'runs'), path('link'))).toBe(true)
  })
})

describe('what is written among images', () => {
  it('is refused for files of models, unless nobody named a place', async () => {
    const failure = { code: 'MNAS_EXPORT_FOLDER', exitCode: 3 }
    await expect(requireOutsideImages(path('photos', 'files'), path('photos'))).rejects.toMatchObject(failure)
    await expect(requireOutsideImages(path('files'), path('photos'))).resolves.toBeUndefined()
    await expect(requireOutsideImages(undefined, path('photos'))).resolves.toBeUndefined()
    await expect(requireOutsideImages(path('photos'), null)).resolves.toBeUndefined()
  })

  it('is refused for pictures of an evaluation', async () => {
    const failure = { code: 'MNAS_EVALUATE_CHARTS', message: expect.stringContaining('among the images') }
    await expect(requireChartsFolder(path('photos', 'charts'), path('photos'))).rejects.toMatchObject(failure)
    await expect(requireChartsFolder(path('charts'), path('photos'))).resolves.toBeUndefined()
  })
})

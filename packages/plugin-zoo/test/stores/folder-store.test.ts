import { chmod, mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, relative } from 'node:path'
import { storeConformance } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'
import folder from '#internal/stores/folder/folder-factory.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { storeSurroundings } from '../support/store-surroundings.js'

const place = async () => {
  const { path, remove } = await temporaryFolder('zoo')
  return { open: () => folder.open(join(path, 'zoo'), storeSurroundings(path)), remove }
}
const text = (letters: string) => new TextEncoder().encode(letters)

describe('the store "folder" is one', () => {
  for (const { name, run } of storeConformance(place, { access: 'write' })) it(name, run)
})

describe('a folder as a zoo', () => {
  it('is never shown half a file: of many who create one, one does, and the others find it', async () => {
    const { open, remove } = await place()
    const stores = await Promise.all(Array.from({ length: 6 }, open))
    const key = 'entries/me/photos/1.0.0/entry.json'
    const ends = await Promise.allSettled(stores.map((store, index) => store.create(key, { bytes: text(`entry ${index}`) })))
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'MNAS_ZOO_TAKEN' })
    await remove()
  })

  it('removes what killed processes left of the day before, and shows none of it', async () => {
    const { path, remove } = await temporaryFolder('zoo')
    const store = await folder.open(path, storeSurroundings(path))
    await mkdir(join(path, '.tmp'))
    for (const name of ['old', 'new']) await writeFile(join(path, '.tmp', name), 'half')
    await utimes(join(path, '.tmp', 'old'), 0, 0)
    await store.create('index/00-0.json.gz', { bytes: text('x') })
    expect(await readdir(join(path, '.tmp'))).toEqual(['new'])
    expect(await store.list('')).toEqual(['index/00-0.json.gz'])
    await remove()
  })

  it.skipIf(process.getuid?.() === 0)('says that it may not be read or written', async () => {
    const { path, remove } = await temporaryFolder('zoo')
    await writeFile(join(path, 'zoo.json.gz'), 'x', { mode: 0o000 })
    const store = await folder.open(path, storeSurroundings(path))
    await expect(store.read('zoo.json.gz', 10)).rejects.toMatchObject({ code: 'MNAS_ZOO_REFUSED' })
    await chmod(path, 0o500)
    await expect(store.create('index/00-0.json.gz', { bytes: text('x') })).rejects.toMatchObject({ code: 'MNAS_ZOO_WRITE' })
    await chmod(path, 0o700)
    await remove()
  })

  it('names what cannot be written: a file where a folder is needed', async () => {
    const { path, remove } = await temporaryFolder('zoo')
    await writeFile(join(path, 'index'), 'in the way')
    const store = await folder.open(path, storeSurroundings(path))
    await expect(store.create('index/00-0.json.gz', { bytes: text('x') })).rejects.toMatchObject({ code: 'MNAS_ZOO_WRITE' })
    expect(await store.read('index/00-0.json.gz', 10)).toBeNull()
    await remove()
  })

  it('has the same keys however it is written', async () => {
    const { path, remove } = await temporaryFolder('zoo')
    await (await folder.open(path, storeSurroundings(path))).create('index/00-0.json.gz', { bytes: text('x') })
    for (const written of [
      `${path}/`,
      relative(process.cwd(), path),
      `~/${relative(homedir(), path)}`,
      `~/${relative(homedir(), path)}/`,
    ])
      expect(await (await folder.open(written, storeSurroundings(path))).list('')).toEqual(['index/00-0.json.gz'])
    await remove()
  })

  it('is no address', async () => {
    await expect(folder.open('s3://bucket', storeSurroundings('/'))).rejects.toMatchObject({ code: 'MNAS_ZOO_LOCATION' })
  })
})

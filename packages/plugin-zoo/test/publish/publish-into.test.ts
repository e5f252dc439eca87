import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hashBytes } from '@mnas/core/files'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entryKey, shardOf, zooKey } from '#internal/catalogue/keys.js'
import { readCatalogue, readHashedFrom, readShard } from '#internal/catalogue/read-catalogue.js'
import { publishInto } from '#internal/publish/publish-into.js'
import { folderStore } from '#internal/stores/folder/folder-store.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { madeUpPublication } from '../support/made-up-publication.js'

const never = new AbortController().signal
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let count = 0
const emptyZoo = () => folderStore(join(folder.path, `zoo-${count++}`), 'the zoo')
beforeAll(async () => {
  folder = await temporaryFolder('publish')
})
afterAll(() => folder.remove())

async function listed(store: ReturnType<typeof emptyZoo>) {
  const catalogue = (await readCatalogue(store))!
  const shards = Object.keys(catalogue.list.shards)
  const entries = await Promise.all(
    shards.map((shard) => readShard(catalogue.list, shard, store.location, readHashedFrom(store))),
  )
  return { list: catalogue.list, names: entries.flat().map(({ name, release }) => `${name}@${release}`) }
}

describe('publishing into a zoo', () => {
  it('begins one, and adds to it', async () => {
    const store = emptyZoo()
    const first = madeUpPublication()
    expect(await publishInto(store, first, never)).toEqual({ kind: 'published', digest: first.summary.digest, generation: 1 })
    await publishInto(store, madeUpPublication({ release: '1.1.0' }), never)
    await publishInto(store, madeUpPublication({ name: 'you/birds' }), never)
    const { list, names } = await listed(store)
    expect(list).toMatchObject({ generation: 3, entries: 3 })
    expect(names.sort()).toEqual(['me/photos@1.0.0', 'me/photos@1.1.0', 'you/birds@1.0.0'])
    const entry = await store.read(entryKey('me/photos', '1.0.0'), 2 ** 20)
    expect(hashBytes(entry!.bytes)).toBe(first.summary.digest)
  })

  it('does nothing the second time', async () => {
    const store = emptyZoo()
    await publishInto(store, madeUpPublication(), never)
    const before = await store.read(zooKey, 2 ** 20)
    expect(await publishInto(store, madeUpPublication(), never)).toMatchObject({ kind: 'unchanged', generation: 1 })
    expect(await store.read(zooKey, 2 ** 20)).toEqual(before)
  })

  it('never changes a release', async () => {
    const store = emptyZoo()
    await publishInto(store, madeUpPublication(), never)
    const other = madeUpPublication({ files: new Map([['labels.txt', new TextEncoder().encode('a\nb\n')]]) })
    await expect(publishInto(store, other, never)).rejects.toMatchObject({ code: 'MNAS_ZOO_RELEASE_TAKEN' })
  })

  it('of two who publish the same release differently lets one win, whose entry is there', async () => {
    const store = emptyZoo()
    const files = (letter: string) => new Map([['labels.txt', new TextEncoder().encode(letter)]])
    const two = ['a', 'b'].map((letter) => madeUpPublication({ files: files(letter) }))
    const ends = await Promise.allSettled(two.map((publication) => publishInto(store, publication, never)))
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const winner = two[ends.findIndex(({ status }) => status === 'fulfilled')]!
    const entry = await store.read(entryKey('me/photos', '1.0.0'), 2 ** 20)
    expect(hashBytes(entry!.bytes)).toBe(winner.summary.digest)
  })

  it('keeps all of many who publish at once', async () => {
    const store = emptyZoo()
    const names = Array.from({ length: 12 }, (_, index) => `me/model-${index}`)
    await Promise.all(names.map((name) => publishInto(store, madeUpPublication({ name }), never)))
    const { list, names: found } = await listed(store)
    expect(list).toMatchObject({ generation: 12, entries: 12 })
    expect(found.sort()).toEqual(names.map((name) => `${name}@1.0.0`).sort())
  })

  it('signs the list before it is there', async () => {
    const store = emptyZoo()
    const signed: string[] = []
    const signList = async (stored: Uint8Array) => {
      expect(await store.read(zooKey, 2 ** 20)).toBeNull()
      signed.push(hashBytes(stored))
      return new TextEncoder().encode('signature')
    }
    await publishInto(store, madeUpPublication(), never, { signList })
    const { stored } = (await readCatalogue(store))!
    expect(signed).toEqual([hashBytes(stored)])
    expect(await store.list('index/zoo-')).toEqual([`index/zoo-${signed[0]!.slice(0, 16)}.sig`])
  })

  it('refuses parts that do not fit', async () => {
    const store = emptyZoo()
    const publication = madeUpPublication()
    const wrong = [
      { ...publication, files: new Map() },
      { ...publication, summary: { ...publication.summary, release: '2.0.0' } },
      { ...publication, summary: { ...publication.summary, digest: '0'.repeat(64) } },
    ]
    for (const parts of wrong)
      await expect(publishInto(store, parts, never)).rejects.toMatchObject({ code: 'MNAS_ZOO_PUBLICATION' })
    expect(await store.list('')).toEqual([])
  })

  it('names a list that is not whole', async () => {
    const store = emptyZoo()
    await publishInto(store, madeUpPublication(), never)
    const [shard] = (await store.list(`index/${shardOf('me/photos')}`))!
    await rm(join(folder.path, `zoo-${count - 1}`, shard!))
    const again = publishInto(store, madeUpPublication({ release: '2.0.0' }), never)
    await expect(again).rejects.toMatchObject({ code: 'MNAS_ZOO_DAMAGED' })
  })
})

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { hashBytes } from '@mnas/core/files'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeCatalogue } from '#internal/catalogue/change-catalogue.js'
import { shardKey, shardOf } from '#internal/catalogue/keys.js'
import { packJson } from '#internal/catalogue/packed-json.js'
import { publishInto } from '#internal/publish/publish-into.js'
import { openStore } from '#internal/zoos/open-store.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { madeUpPublication } from '../support/made-up-publication.js'
import { openTestZoo, zooRegistry } from '../support/open-test-zoo.js'
import { storeSurroundings } from '../support/store-surroundings.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let count = 0
const { signal } = new AbortController()
beforeAll(async () => {
  folder = await temporaryFolder('lists')
})
afterAll(() => folder.remove())

/** What a zoo answers that holds such files. */
async function read(files: Readonly<Record<string, Uint8Array>>) {
  const place = join(folder.path, `zoo-${count++}`)
  for (const [key, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(place, key)), { recursive: true })
    await writeFile(join(place, key), bytes)
  }
  const zoo = await openTestZoo(place, join(folder.path, `cache-${count}`))
  return zoo.entries().then(
    (entries) => entries.length,
    (error) => error.code as string,
  )
}
const list = (shards: object, changes: object = {}) => packJson({ version: 1, generation: 1, entries: 1, shards, ...changes })
const { summary } = madeUpPublication()
const shard = shardOf(summary.name)
const withShard = (packed: Uint8Array, claimed: Uint8Array = packed) => {
  const sha256 = hashBytes(claimed)
  return { 'zoo.json.gz': list({ [shard]: { sha256, sizeBytes: claimed.length } }), [shardKey(shard, sha256)]: packed }
}

describe('a list from elsewhere', () => {
  it('is read when it is one', async () => {
    expect(await read(withShard(packJson({ version: 1, entries: [summary] })))).toBe(1)
  })

  it.each([
    ['no gzip', new TextEncoder().encode('{"version":1}')],
    ['cut off', list({}).subarray(0, 20)],
    ['not JSON', gzipSync('zoo')],
    ['of a later version', list({}, { version: 2 })],
    ['of generation 0', list({}, { generation: 0 })],
    ['with a shard that is none', list({ '../x': { sha256: 'ab'.repeat(32), sizeBytes: 1 } })],
    ['with a prototype', gzipSync('{"version":1,"generation":1,"entries":0,"shards":{"__proto__":{}}}')],
    ['a bomb', gzipSync(Buffer.alloc(64 * 2 ** 20, ' '))],
  ])('is refused when it is %s', async (_, stored) => {
    expect(await read({ 'zoo.json.gz': stored })).toBe('MNAS_ZOO_DAMAGED')
  })

  it.each(['dataset', 'device', 'metrics', 'task', 'summary', 'yanked'])(
    'is refused when its %s commands a terminal',
    async (field) => {
      const bad = 'a\u001b]0;b\u0007'
      const said = { basis: 'measured', precision: null } as const
      const accuracy = { ...said, dataset: 'photos', images: 1, metrics: { top1: 1 } }
      const latency = { ...said, device: 'Pixel 8', soc: null, emulated: false, accelerator: 'cpu', threads: 1, ms: 1 }
      const entry = {
        ...summary,
        accuracy: [
          { ...accuracy, ...(field === 'dataset' && { dataset: bad }), ...(field === 'metrics' && { metrics: { [bad]: 1 } }) },
        ],
        latency: [{ ...latency, ...(field === 'device' && { device: bad }) }],
        ...(['task', 'summary', 'yanked'].includes(field) && { [field]: bad }),
      }
      expect(await read(withShard(packJson({ version: 1, entries: [entry] })))).toBe('MNAS_ZOO_DAMAGED')
      const good = { ...summary, accuracy: [accuracy], latency: [latency], yanked: 'wrong\nlabels' }
      expect(await read(withShard(packJson({ version: 1, entries: [good] })))).toBe(1)
    },
  )

  it('is not written when nobody could read it again', async () => {
    const place = join(folder.path, 'written')
    const store = await openStore(zooRegistry(), place, storeSurroundings(folder.path))
    await publishInto(store, madeUpPublication(), signal)
    for (const yanked of ['a\u001b[2J', 'a'.repeat(501)]) {
      const change = changeCatalogue(store, shard, (entries) => entries.map((entry) => ({ ...entry, yanked })), signal)
      await expect(change).rejects.toMatchObject({ code: 'MNAS_ZOO_WRITE', message: expect.stringContaining('entries.0.yanked') })
    }
    expect(await (await openTestZoo(place, join(folder.path, 'cache-written'))).entries()).toMatchObject([{ yanked: null }])
    await store.close()
  })

  it('may not be larger than lists are', async () => {
    const noise = new Uint8Array(2 ** 20 + 1)
    expect(await read({ 'zoo.json.gz': noise })).toBe('MNAS_ZOO_TOO_LARGE')
  })

  it('is refused when a part of it is missing, another, or holds what belongs elsewhere', async () => {
    const packed = packJson({ version: 1, entries: [summary] })
    const other = packJson({ version: 1, entries: [] })
    expect(await read({ 'zoo.json.gz': withShard(packed)['zoo.json.gz']! })).toBe('MNAS_ZOO_DAMAGED')
    expect(await read(withShard(other, packed))).toBe('MNAS_ZOO_DAMAGED')
    const foreign = packJson({ version: 1, entries: [{ ...summary, name: 'you/birds' }] })
    expect(await read(withShard(foreign))).toBe('MNAS_ZOO_DAMAGED')
    expect(await read({ 'zoo.json.gz': list({ [shard]: { sha256: 'ab'.repeat(32), sizeBytes: 2 ** 40 } }) })).toBe(
      'MNAS_ZOO_DAMAGED',
    )
  })
})

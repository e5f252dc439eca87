import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ZooStore } from '../../../contracts/index.js'
import { hashBytes } from '../../../files/index.js'
import { check, checkEqual, checkRejects } from '../check.js'
import { blobKeyOf, listKey, type StoreBench, someBytes, text } from './store-place.js'

const shardKey = 'index/3f-0123456789abcdef.json.gz'
const textOf = async (store: ZooStore, key: string) => {
  const found = await store.read(key, 2 ** 20)
  return found && new TextDecoder().decode(found.bytes)
}

export async function checkCreate({ open, fill }: StoreBench): Promise<void> {
  await fill(new Map([[shardKey, text('first')]]))
  const [store, other] = [await open(), await open()]
  await store.create(shardKey, { bytes: text('first') })
  const second = () => store.create(shardKey, { bytes: text('second') })
  await checkRejects(second, 'MNAS_ZOO_TAKEN', 'creating what is there with other bytes')
  checkEqual(await textOf(other, shardKey), 'first', 'what was there first')
}

export async function checkCreateFromFile({ open }: StoreBench): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mnas-store-'))
  try {
    const [bytes, path] = [someBytes(2 ** 20, 7), join(folder, 'weights.safetensors')]
    await writeFile(path, bytes)
    const store = await open()
    await store.create(blobKeyOf(bytes), { path })
    await store.replace(listKey, text('a list'), null)
    const found = await (await open()).read(blobKeyOf(bytes), bytes.length)
    check(found !== null && Buffer.from(found.bytes).equals(bytes), 'a file created from a path', 'its bytes', 'others')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export async function checkReplace({ open }: StoreBench): Promise<void> {
  const [store, other] = [await open(), await open()]
  checkEqual(await store.replace(listKey, text('one'), null), true, 'replacing what is not there yet')
  checkEqual(await other.replace(listKey, text('uno'), null), false, 'replacing nothing when something is there')
  const seen = await other.read(listKey, 100)
  checkEqual(await store.replace(listKey, text('two'), seen!.tag), true, 'replacing what was read')
  checkEqual(await other.replace(listKey, text('due'), seen!.tag), false, 'replacing what somebody else has replaced')
  checkEqual(await textOf(other, listKey), 'two', 'the list after all of that')
}

export async function checkFlush({ open, fill }: StoreBench): Promise<void> {
  await fill(new Map())
  const [store, bytes] = [await open(), someBytes(5000, 3)]
  await store.create(shardKey, { bytes: text('a shard') })
  await store.create(blobKeyOf(bytes), { bytes })
  await store.flush()
  const other = await open()
  checkEqual(await textOf(other, shardKey), 'a shard', 'what was created and flushed')
  const found = await other.read(blobKeyOf(bytes), bytes.length)
  check(found !== null && Buffer.from(found.bytes).equals(bytes), 'a blob that was created and flushed', 'its bytes', 'others')
  checkEqual(await textOf(other, listKey), 'a list', 'the list')
}

/** What was found there when it was to be created is removed before the list names it. */
export async function checkRemovedMeanwhile({ open, fill }: StoreBench): Promise<void> {
  const bytes = someBytes(5000, 5)
  await fill(
    new Map([
      [blobKeyOf(bytes), bytes],
      [shardKey, text('a shard')],
    ]),
  )
  const [store, other] = [await open(), await open()]
  await store.create(blobKeyOf(bytes), { bytes })
  await store.create(shardKey, { bytes: text('a shard') })
  let seen = await store.read(listKey, 100)
  for (const key of [blobKeyOf(bytes), shardKey]) await other.remove(key)
  while (!(await store.replace(listKey, text('another list'), seen!.tag))) seen = await store.read(listKey, 100)
  const reader = await open()
  checkEqual(await textOf(reader, shardKey), 'a shard', 'what a list may name')
  const found = await reader.read(blobKeyOf(bytes), bytes.length)
  check(found !== null && Buffer.from(found.bytes).equals(bytes), 'a blob that a list may name', 'its bytes', 'others')
}

/** Each writer adds one as often as the others; none of it may be lost. */
export async function checkRace({ open }: StoreBench): Promise<void> {
  const [writers, rounds] = [4, 3]
  const count = async (store: ZooStore) => {
    for (;;) {
      const seen = await store.read(listKey, 100)
      const next = seen === null ? 1 : Number(new TextDecoder().decode(seen.bytes)) + 1
      if (await store.replace(listKey, text(`${next}`), seen?.tag ?? null)) return
    }
  }
  const stores = await Promise.all(Array.from({ length: writers }, open))
  await Promise.all(
    stores.map(async (store) => {
      for (let round = 0; round < rounds; round++) await count(store)
    }),
  )
  checkEqual(await textOf(await open(), listKey), `${writers * rounds}`, 'what several counted together')
}

export async function checkRemoveAndList({ open, fill }: StoreBench): Promise<void> {
  const entry = 'entries/me/photos/1.0.0/entry.json'
  await fill(
    new Map([
      [shardKey, text('a shard')],
      [entry, text('an entry')],
    ]),
  )
  const store = await open()
  const sorted = async (prefix: string) => [...((await store.list(prefix)) ?? [])].sort()
  checkEqual(await sorted('index/'), [shardKey], 'keys that begin with "index/"')
  checkEqual(await sorted(''), [entry, shardKey, listKey].sort(), 'all keys')
  checkEqual(await sorted('nothing/'), [], 'keys that begin like none')
  await store.remove(shardKey)
  await store.remove(shardKey)
  checkEqual(await (await open()).read(shardKey, 100), null, 'a file that was removed')
}

export async function checkRemoveUnderList({ open, fill }: StoreBench): Promise<void> {
  await fill(new Map([[shardKey, text('a shard')]]))
  const store = await open()
  checkEqual(await store.remove(shardKey, hashBytes('an older list')), false, 'removing under another list')
  checkEqual(await textOf(await open(), shardKey), 'a shard', 'what was not removed')
  checkEqual(await store.remove(shardKey, hashBytes('a list')), true, 'removing under the list')
  checkEqual(await textOf(await open(), shardKey), null, 'what was removed')
}

export async function checkReadOnly({ open, fill }: StoreBench): Promise<void> {
  await fill(new Map())
  const store = await open()
  const seen = await store.read(listKey, 100)
  const changes = {
    create: () => store.create(shardKey, { bytes: text('x') }),
    replace: () => store.replace(listKey, text('x'), seen!.tag),
    remove: () => store.remove(listKey),
  }
  for (const [name, change] of Object.entries(changes)) await checkRejects(change, 'MNAS_ZOO_READ_ONLY', name)
}

import type { Hash, ZooStore } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { hashBytes, jsonText, readJson, writeAtomic } from '@mnas/core/files'
import { gcMemoryPath } from '../cache/cache-paths.js'
import { blobKey, entryKey, listSignatureKey, shardKey, zooKey } from '../catalogue/keys.js'
import { zooErrors } from '../errors.js'
import { eachOf } from '../parallel/each-of.js'
import { identityOf } from '../zoos/open-store.js'
import type { Zoo } from '../zoos/zoo.js'

const concurrency = 8

/**
 * Keys of a zoo that nothing names: what publishes left that did not come to their end, and parts of older lists.
 * @throws MNAS_ZOO_READ_ONLY where keys cannot be listed, and what reading a zoo throws
 */
export async function unnamedKeys(zoo: Zoo, signal: AbortSignal): Promise<readonly string[]> {
  const { store, location } = zoo
  // Before the list is read: what a publish creates meanwhile is not among them.
  const keys = await store.list('')
  if (keys === null) throw storeErrors.MNAS_ZOO_READ_ONLY({ location })
  const { list, stored } = await zoo.catalogue()
  const shards = Object.entries(list.shards).map(([shard, { sha256 }]) => shardKey(shard, sha256))
  const named = new Set([zooKey, listSignatureKey(hashBytes(stored)), ...shards])
  const entries = await zoo.entries()
  const folders = new Set(entries.map(({ name, release }) => folderOf(entryKey(name, release))))
  await eachOf(entries, concurrency, signal, async (summary) => {
    for (const { sha256 } of (await zoo.entry(summary)).entry.files) named.add(blobKey(sha256))
  })
  return keys.filter((key) => !named.has(key) && !folders.has(entryFolderOf(key))).sort()
}

/** Of entry.json and what stands beside it, attestations too. */
const entryFolderOf = (key: string) => (key.startsWith('entries/') ? key.split('/').slice(0, 4).join('/') : '')
const folderOf = (key: string) => key.slice(0, key.lastIndexOf('/'))

/**
 * Removes keys, as long as the list is still the one that does not name them.
 * @param list its sha256
 * @throws MNAS_ZOO_BUSY, MNAS_ZOO_WRITE
 */
export async function removeKeys(store: ZooStore, keys: readonly string[], list: Hash, signal: AbortSignal): Promise<void> {
  // One after the other: where each is a commit, several at once would be in each other's way.
  for (const key of keys) {
    signal.throwIfAborted()
    if (!(await store.remove(key, list))) throw zooErrors.MNAS_ZOO_BUSY({ location: store.location })
  }
}

export interface Collection {
  /** Keys that were removed. */
  readonly removed: readonly string[]
  /** Unnamed for less than an hour as far as this computer knows: a publish may be about to name them. */
  readonly young: readonly string[]
}

export interface CollectionWish {
  readonly cacheFolder: string
  /** Nobody publishes at the moment: young ones go too. */
  readonly now: boolean
  /** In ms since 1970. */
  readonly clock: () => number
  readonly signal: AbortSignal
}

const youngMs = 3600 * 1000

/**
 * Removes what nothing names, and has not for an hour: no publish takes that long between its first file and the list. When a key was first seen
 * unnamed is remembered in the cache folder.
 * @throws what unnamedKeys and removeKeys throw
 */
export async function collectGarbage(zoo: Zoo, { cacheFolder, now, clock, signal }: CollectionWish): Promise<Collection> {
  const memory = gcMemoryPath(cacheFolder, identityOf(zoo.location))
  const [unnamed, seen] = [await unnamedKeys(zoo, signal), await readSeen(memory)]
  const first = new Map(unnamed.map((key) => [key, seen.get(key) ?? clock()]))
  const isOld = (key: string) => now || clock() - first.get(key)! >= youngMs
  const [old, young] = [unnamed.filter(isOld), unnamed.filter((key) => !isOld(key))]
  await removeKeys(zoo.store, old, hashBytes((await zoo.catalogue()).stored), signal)
  await writeAtomic(memory, jsonText(Object.fromEntries(young.map((key) => [key, first.get(key)!]))))
  return { removed: old, young }
}

async function readSeen(path: string): Promise<ReadonlyMap<string, number>> {
  // Damaged, it is as if nothing had been seen: all is young again.
  const seen = await readJson(path, ({ reason }) => new Error(reason)).catch(() => null)
  return new Map(Object.entries((seen ?? {}) as Readonly<Record<string, number>>))
}

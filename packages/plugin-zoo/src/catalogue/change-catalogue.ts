import { setTimeout as delay } from 'node:timers/promises'
import type { ZooStore } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { hashBytes } from '@mnas/core/files'
import { catalogueLimits, type EntrySummary, shardSchema, type ZooFile } from './catalogue-schema.js'
import { createUnlessThere } from './create-unless-there.js'
import { listSignatureKey, shardKey, zooKey } from './keys.js'
import { packJson } from './packed-json.js'
import { readCatalogue, readHashedFrom, readShard } from './read-catalogue.js'

export interface CatalogueChange {
  /** False: it was so already. */
  readonly changed: boolean
  /** Of the list that shows it. */
  readonly generation: number
}

/** Each lost race is another's success; who loses so many has something in his way that is no race. */
const attempts = 100
const longestPauseMs = 200

/**
 * Changes the entries of one shard, and the list with it, as if nobody else did anything: whoever comes in between is read, and the change made anew.
 * @param change the entries as they are to be; the same array: nothing to do
 * @param sign signs the list as it will be stored
 * @throws MNAS_ZOO_DAMAGED, MNAS_ZOO_READ_ONLY, MNAS_ZOO_WRITE, what `change` throws and what reading a store throws
 */
export async function changeCatalogue(
  store: ZooStore,
  shard: string,
  change: (entries: readonly EntrySummary[]) => readonly EntrySummary[],
  signal: AbortSignal,
  sign?: (stored: Uint8Array) => Promise<Uint8Array>,
): Promise<CatalogueChange> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    signal.throwIfAborted()
    const catalogue = await readCatalogue(store)
    const list = catalogue?.list ?? { version: 1, generation: 0, entries: 0, shards: {} }
    const before = await readShard(list, shard, store.location, readHashedFrom(store))
    const after = change(before)
    if (after === before) return { changed: false, generation: list.generation }
    const next = await withShard(store, list, shard, before, after)
    const stored = packJson(next)
    if (stored.length > catalogueLimits.zooBytes) throw tooLarge(store.location, zooKey, catalogueLimits.zooBytes, stored.length)
    if (sign) await createUnlessThere(store, listSignatureKey(hashBytes(stored)), await sign(stored))
    if (await store.replace(zooKey, stored, catalogue?.tag ?? null)) return { changed: true, generation: next.generation }
    // Different pauses, so that the same two do not meet again and again.
    await delay(Math.random() * Math.min(longestPauseMs, 10 * 2 ** attempt), undefined, { signal })
  }
  throw storeErrors.MNAS_ZOO_WRITE({
    location: store.location,
    key: zooKey,
    reason: `others changed it ${attempts} times meanwhile`,
  })
}

/** The list with another shard, whose file is there then. */
async function withShard(
  store: ZooStore,
  list: ZooFile,
  shard: string,
  before: readonly EntrySummary[],
  after: readonly EntrySummary[],
): Promise<ZooFile> {
  const entries = [...after].sort(inOrder)
  const packed = packJson({ version: 1, entries })
  const [sha256, limit] = [hashBytes(packed), catalogueLimits.shardBytes]
  const key = shardKey(shard, sha256)
  requireReadable(store.location, key, entries)
  if (packed.length > limit) throw tooLarge(store.location, key, limit, packed.length)
  await store.create(key, { bytes: packed })
  return {
    version: 1,
    generation: list.generation + 1,
    entries: list.entries - before.length + after.length,
    shards: sorted({ ...list.shards, [shard]: { sha256, sizeBytes: packed.length } }),
  }
}

/** What cannot be read again would take its whole part of the list with it: a reason that is too long, a control character. */
function requireReadable(location: string, key: string, entries: readonly EntrySummary[]): void {
  const issue = shardSchema.safeParse({ version: 1, entries }).error?.issues[0]
  if (!issue) return
  const reason = `nobody could read "${issue.path.join('.')}" in it again (${issue.message})`
  throw storeErrors.MNAS_ZOO_WRITE({ location, key, reason })
}

const sorted = (shards: ZooFile['shards']): ZooFile['shards'] =>
  Object.fromEntries(Object.entries(shards).sort(([a], [b]) => (a < b ? -1 : 1)))

/** The same entries are the same bytes, whoever came first. */
const inOrder = (a: EntrySummary, b: EntrySummary) =>
  a.name === b.name ? (a.release < b.release ? -1 : 1) : a.name < b.name ? -1 : 1

const tooLarge = (location: string, key: string, limit: number, received: number) =>
  storeErrors.MNAS_ZOO_WRITE({ location, key, reason: `it would have ${received} bytes, and may have ${limit}` })

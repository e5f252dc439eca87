import type { Hash, ZooStore } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import { zooErrors } from '../errors.js'
import { catalogueLimits, type EntrySummary, shardSchema, type ZooFile, zooSchema } from './catalogue-schema.js'
import { shardKey, shardOf, zooKey } from './keys.js'
import { unpackJson } from './packed-json.js'

/** The list of a zoo at one moment. */
export interface Catalogue {
  readonly list: ZooFile
  /** zoo.json.gz as it is stored; what a signature is of. */
  readonly stored: Uint8Array
  /** For `ZooStore.replace`. */
  readonly tag: string
}

/** Null where there is no zoo (yet). @throws MNAS_ZOO_DAMAGED and what reading a store throws */
export async function readCatalogue(store: ZooStore): Promise<Catalogue | null> {
  const found = await store.read(zooKey, catalogueLimits.zooBytes)
  return found && { list: parseList(found.bytes, store.location), stored: found.bytes, tag: found.tag }
}

export const parseList = (stored: Uint8Array, location: string): ZooFile =>
  unpackJson(stored, { location, key: zooKey }, zooSchema, catalogueLimits.zooBytes)

/** Reads a file of a zoo that is known by its hash: straight from the store, or through a cache. */
export type ReadHashed = (key: string, hash: Hash, sizeBytes: number) => Promise<Uint8Array>

/** @throws MNAS_ZOO_DAMAGED when other bytes are there, MNAS_ZOO_MISSING, and what reading a store throws */
export const readHashedFrom =
  (store: ZooStore): ReadHashed =>
  async (key, hash, sizeBytes) => {
    const found = await store.read(key, sizeBytes)
    const { location } = store
    if (found === null) throw zooErrors.MNAS_ZOO_DAMAGED({ location, key, reason: 'its list names it, and it is not there' })
    const received = hashBytes(found.bytes)
    if (received === hash) return found.bytes
    const reason = `expected bytes with the sha256 ${hash}, received ${received} (${found.bytes.length} of ${sizeBytes} bytes)`
    throw zooErrors.MNAS_ZOO_DAMAGED({ location, key, reason })
  }

/** Entries whose sha256(name) begins so. @throws MNAS_ZOO_DAMAGED and what `read` throws */
export async function readShard(
  list: ZooFile,
  shard: string,
  location: string,
  read: ReadHashed,
): Promise<readonly EntrySummary[]> {
  const known = list.shards[shard]
  if (!known) return []
  const key = shardKey(shard, known.sha256)
  if (known.sizeBytes > catalogueLimits.shardBytes)
    throw zooErrors.MNAS_ZOO_DAMAGED({ location, key, reason: `it has ${known.sizeBytes} bytes, more than a shard may` })
  const packed = await read(key, known.sha256, known.sizeBytes)
  const { entries } = unpackJson(packed, { location, key }, shardSchema, catalogueLimits.shardBytes)
  const stranger = entries.find(({ name }) => shardOf(name) !== shard)
  if (stranger) throw zooErrors.MNAS_ZOO_DAMAGED({ location, key, reason: `"${stranger.name}" does not belong there` })
  return entries
}

import type { Surroundings, ZooStore } from '@mnas/core/contracts'
import { cacheErrors } from '../cache/errors.js'
import { readCached } from '../cache/read-cached.js'
import { rememberedList, rememberList } from '../cache/remember-list.js'
import type { EntrySummary } from '../catalogue/catalogue-schema.js'
import { entryKey, shardOf, zooKey } from '../catalogue/keys.js'
import { type Catalogue, type ReadHashed, readCatalogue, readShard } from '../catalogue/read-catalogue.js'
import type { ZooEntry } from '../entry/entry-schema.js'
import { parseEntry } from '../entry/parse-entry.js'
import { zooErrors } from '../errors.js'
import { eachOf } from '../parallel/each-of.js'
import { readTrust, type TrustList } from '../signatures/trust-list.js'
import { entrySignature, requireEntrySignature, requireListSignature } from './check-signatures.js'
import { offlineStore } from './offline-store.js'
import { identityOf, openStore, type StoreRegistry, schemeOf } from './open-store.js'

/** A zoo to read from, through the cache. */
export interface Zoo {
  readonly location: string
  readonly store: ZooStore
  /** Nothing is asked of it: all that is known of it is in the cache. */
  readonly offline: boolean
  /** As it is now, or offline: as it was last seen. Read once. @throws MNAS_ZOO_NONE, MNAS_ZOO_ROLLBACK, MNAS_ZOO_OFFLINE */
  catalogue(): Promise<Catalogue>
  /** Everything, withdrawn releases too. */
  entries(): Promise<readonly EntrySummary[]>
  /** All releases of a name, withdrawn ones too. */
  releasesOf(name: string): Promise<readonly EntrySummary[]>
  /** entry.json: its bytes are those of the digest. @throws MNAS_ZOO_DAMAGED */
  entry(summary: EntrySummary): Promise<{ readonly bytes: Uint8Array; readonly entry: ZooEntry }>
  /** Of an entry, out of the cache as long as it checks out there; null: unsigned; unseen: offline, and the cache has none. */
  signature(summary: EntrySummary, bytes: Uint8Array, entry: ZooEntry): Promise<Uint8Array | null | 'unseen'>
  /** Holds the signature of an entry against what the user trusts. @throws MNAS_ZOO_UNSIGNED, MNAS_ZOO_… where that is enforced */
  requireSignature(summary: EntrySummary, bytes: Uint8Array, entry: ZooEntry): Promise<void>
  close(): Promise<void>
}

export interface ZooOptions {
  readonly registry: StoreRegistry
  readonly around: Surroundings
  /** Opens no socket: what is not in a folder comes out of the cache. */
  readonly offline?: boolean
  /** Default: what this user trusts. */
  readonly trust?: TrustList
}

/** In a folder, or inside mnas: nothing is fetched. */
const isHere = (location: string) => ['folder', 'family'].includes(schemeOf(location))

/** Shards that are fetched at once. */
const concurrency = 8

/** Reads nothing of it yet. @throws MNAS_ZOO_LOCATION, MNAS_ZOO_TRUST_FILE */
export async function openZoo(location: string, options: ZooOptions): Promise<Zoo> {
  const { registry, around, offline = false, trust = await readTrust() } = options
  const away = offline && !isHere(location)
  const store = away ? offlineStore(location) : await openStore(registry, location, around)
  const { cacheFolder, signal } = around
  const read = readCached(cacheFolder, store)
  const reader = { store, identity: identityOf(location), trust, around, offline: away }
  const look = async () => {
    const found = away ? await lastSeen(cacheFolder, location) : await current(store, location)
    await requireListSignature(reader, found)
    // Another mnas has another family, an older one perhaps: that is no list that went back.
    if (!away && schemeOf(location) !== 'family') await rememberList(cacheFolder, identityOf(location), found)
    return found
  }
  let known: Promise<Catalogue> | undefined
  const catalogue = () => {
    known ??= look()
    return known
  }
  const shard = async (name: string) => readShard((await catalogue()).list, name, location, read)
  return {
    location,
    store,
    offline: away,
    catalogue,
    async entries() {
      const { list } = await catalogue()
      return (await eachOf(Object.keys(list.shards), concurrency, signal, shard)).flat()
    },
    releasesOf: async (name) => (await shard(shardOf(name))).filter((entry) => entry.name === name),
    entry: (summary) => readEntry(summary, location, read),
    signature: (summary, bytes, entry) => entrySignature(reader, summary, bytes, entry),
    requireSignature: (summary, bytes, entry) => requireEntrySignature(reader, summary, bytes, entry),
    close: () => store.close(),
  }
}

async function lastSeen(cacheFolder: string, location: string): Promise<Catalogue> {
  const seen = await rememberedList(cacheFolder, identityOf(location))
  if (seen === null) throw cacheErrors.MNAS_ZOO_OFFLINE({ location, what: `the list (${zooKey})` })
  return seen
}

async function current(store: ZooStore, location: string): Promise<Catalogue> {
  const found = await readCatalogue(store)
  if (found === null) throw zooErrors.MNAS_ZOO_NONE({ location })
  return found
}

async function readEntry(summary: EntrySummary, location: string, read: ReadHashed) {
  const { name, release, digest, entryBytes } = summary
  const key = entryKey(name, release)
  const bytes = await read(key, digest, entryBytes)
  const entry = parseEntry(bytes, { location, key })
  if (entry.name !== name || entry.release !== release)
    throw zooErrors.MNAS_ZOO_DAMAGED({ location, key, reason: `it is of ${entry.name}@${entry.release}` })
  return { bytes, entry }
}

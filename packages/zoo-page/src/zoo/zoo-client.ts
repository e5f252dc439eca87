import {
  attestationsKey,
  cardKey,
  type EntrySummary,
  entryKey,
  pageErrors,
  type Shard,
  shardKey,
  type ZooEntry,
  type ZooFile,
  zooKey,
} from '@mnas/plugin-zoo'
import { fetchBytes } from './fetch-bytes.js'
import { type Attested, readAttestation } from './read-attestation.js'
import { sha256 } from './sha256.js'
import { unpack } from './unpack.js'

/** As for any reader of a zoo. */
const [zooBytes, shardBytes, entryBytes, cardBytes] = [2 ** 20, 16 * 2 ** 20, 2 ** 20, 2 ** 20]
const [attestationBytes, mostAttestations] = [2 ** 20, 100]
/** Files at once: what browsers open to one server, some times over. */
const concurrency = 12

/** The zoo that lies beside the page. Everything is fetched once. */
export class ZooClient {
  readonly #base: string
  #zoo: Promise<ZooFile> | undefined
  readonly #shards = new Map<string, Promise<readonly EntrySummary[]>>()
  readonly #entries = new Map<string, Promise<LoadedEntry>>()
  #attestations: Promise<AttestationList> | undefined

  /** @param base address of the folder that holds the zoo, with a slash at its end */
  constructor(base: string) {
    this.#base = base
  }

  readonly urlOf = (key: string): string => new URL(key, this.#base).href

  /** Of all releases. @param progress 0–1 @throws MNAS_PAGE_FETCH, MNAS_PAGE_ZOO */
  async summaries(progress: (share: number) => void = () => undefined): Promise<readonly EntrySummary[]> {
    const { shards } = await this.#list()
    const names = Object.keys(shards).sort()
    const all: (readonly EntrySummary[])[] = []
    let [next, done] = [0, 0]
    const take = async () => {
      while (next < names.length) {
        const at = next++
        all[at] = await this.#shard(names[at]!)
        progress(++done / names.length)
      }
    }
    await Promise.all(Array.from({ length: concurrency }, take))
    return all.flat()
  }

  /** Of one name, from its shard alone where the browser can tell which that is. @throws MNAS_PAGE_FETCH, MNAS_PAGE_ZOO */
  async releasesOf(name: string): Promise<readonly EntrySummary[]> {
    const hash = await sha256(new TextEncoder().encode(name))
    const entries = hash === null ? await this.summaries() : await this.#shard(hash.slice(0, 2))
    return entries.filter((entry) => entry.name === name)
  }

  /** @throws MNAS_PAGE_FETCH, MNAS_PAGE_ZOO */
  entry(summary: EntrySummary): Promise<LoadedEntry> {
    const id = `${summary.name}@${summary.release}`
    const loading = this.#entries.get(id) ?? this.#load(summary)
    this.#entries.set(id, loading)
    return loading
  }

  #list(): Promise<ZooFile> {
    this.#zoo ??= this.#read<ZooFile>(zooKey, zooBytes).then(({ value }) => {
      if (value.version !== 1 || !isObject(value.shards)) throw notRead(zooKey, 'a list of version 1')
      return value
    })
    return this.#zoo
  }

  #shard(name: string): Promise<readonly EntrySummary[]> {
    const loading = this.#shards.get(name) ?? this.#readShard(name)
    this.#shards.set(name, loading)
    return loading
  }

  async #readShard(name: string): Promise<readonly EntrySummary[]> {
    const listed = (await this.#list()).shards[name]
    if (!listed) return []
    const key = shardKey(name, listed.sha256)
    const { value, stored } = await this.#read<Shard>(key, shardBytes)
    if (value.version !== 1 || !Array.isArray(value.entries)) throw notRead(key, 'summaries of version 1')
    // A server that unpacks it on the way sends other bytes than it stores.
    const hash = stored && (await sha256(stored))
    if (hash && hash !== listed.sha256) throw notRead(key, `bytes with the sha256 ${listed.sha256}, not ${hash}`)
    return value.entries
  }

  async #load({ name, release, digest }: EntrySummary): Promise<LoadedEntry> {
    const key = entryKey(name, release)
    const { value, bytes } = await this.#read<ZooEntry>(key, entryBytes)
    if (value.version !== 1 || !Array.isArray(value.files)) throw notRead(key, 'an entry of version 1')
    const received = await sha256(bytes)
    if (received !== null && received !== digest) throw notRead(key, `bytes with the sha256 ${digest}, not ${received}`)
    const card = await fetchBytes(this.urlOf(cardKey(name, release)), cardBytes)
    const isOwn = await isCard(value, card)
    const attested = await this.#attested(`${name}@${release}`, digest)
    return { entry: value, card: card && isOwn ? new TextDecoder().decode(card) : null, attested, checked: received !== null }
  }

  /** What of it cannot be read is left out: it is the word of others. */
  async #attested(id: string, digest: string): Promise<readonly Attested[]> {
    this.#attestations ??= this.#read<AttestationList>(attestationsKey, attestationBytes).then(
      ({ value }) => value,
      () => ({}),
    )
    const keys = ((await this.#attestations).entries?.[id] ?? []).slice(0, mostAttestations)
    const files = await Promise.all(keys.map((key) => fetchBytes(this.urlOf(key), attestationBytes).catch(() => null)))
    return files.flatMap((bytes) => (bytes && readAttestation(bytes, digest)) ?? [])
  }

  async #read<T>(key: string, maxBytes: number): Promise<Unpacked<T>> {
    const stored = await fetchBytes(this.urlOf(key), maxBytes)
    if (stored === null) throw notRead(key, 'such a file beside the page')
    const { bytes, packed } = await unpack(stored, 16 * maxBytes).catch((error: unknown) => {
      throw notRead(key, 'a whole file', error)
    })
    try {
      const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
      if (isObject(value)) return { value: value as T, bytes, stored: packed ? stored : null }
    } catch (error) {
      throw notRead(key, 'JSON', error)
    }
    throw notRead(key, 'an object of JSON')
  }
}

export interface LoadedEntry {
  readonly entry: ZooEntry
  /** README.md, where there is one that is the entry's. */
  readonly card: string | null
  /** By others: their signatures are for `mnas zoo verify` to check. */
  readonly attested: readonly Attested[]
  /** Its digest was compared with the list's. */
  readonly checked: boolean
}

interface AttestationList {
  readonly entries?: Readonly<Record<string, readonly string[]>>
}

interface Unpacked<T> {
  readonly value: T
  readonly bytes: Uint8Array<ArrayBuffer>
  /** null when a server had unpacked it. */
  readonly stored: Uint8Array<ArrayBuffer> | null
}

/** A card is shown when it is the one that the entry lists, or when the entry lists none. */
async function isCard({ files }: ZooEntry, card: Uint8Array<ArrayBuffer> | null): Promise<boolean> {
  const listed = files.filter(({ role }) => role === 'card')
  const hash = card && (await sha256(card))
  return !hash || listed.length === 0 || listed.some((file) => file.sha256 === hash)
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const notRead = (what: string, expected: string, cause?: unknown) => pageErrors.MNAS_PAGE_ZOO({ what, expected }, cause)

import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ZooStore } from '@mnas/core/contracts'
import { isMnasError } from '@mnas/core/errors'
import { hashBytes, jsonText } from '@mnas/core/files'
import type { EntrySummary } from '../catalogue/catalogue-schema.js'
import {
  attestationsPrefix,
  blobKey,
  cardKey,
  entryKey,
  listSignatureKey,
  shardKey,
  signatureKey,
  zooKey,
} from '../catalogue/keys.js'
import { readCatalogue, readHashedFrom, readShard } from '../catalogue/read-catalogue.js'
import { type EntryFile, entryLimits, type ZooEntry } from '../entry/entry-schema.js'
import { parseEntry } from '../entry/parse-entry.js'
import { zooErrors } from '../errors.js'
import { eachOf } from '../parallel/each-of.js'
import { attestedOf } from '../show/attested-of.js'
import { attestationsKey } from './attestations-key.js'
import { copyBlob } from './copy-blob.js'

export interface CopiedZoo {
  readonly entries: number
  /** Blobs, each once. */
  readonly files: number
  /** That were copied now; what lay there already does not count. */
  readonly copiedBytes: number
}

/** Files that are read at once. */
const concurrency = 8
/** A signature, a card, somebody's claim. */
const smallBytes = 2 ** 20

/**
 * Lays everything that a zoo's list names into a folder under the same keys: blobs first and the list last, so that a site that is being looked at
 * names nothing that is not there. What is known by its hash is compared, and not copied again. Of what others laid beside an entry only attestations of
 * it are copied.
 * @param onEntry told of each entry that is there
 * @throws MNAS_ZOO_NONE, MNAS_ZOO_DAMAGED and what reading a store throws
 */
export async function copyZoo(
  store: ZooStore,
  folder: string,
  signal: AbortSignal,
  onEntry: (done: number, all: number) => void = () => undefined,
): Promise<CopiedZoo> {
  const catalogue = await readCatalogue(store)
  if (!catalogue) throw zooErrors.MNAS_ZOO_NONE({ location: store.location })
  const { list, stored } = catalogue
  const hashed = readHashedFrom(store)
  const shards = await eachOf(Object.keys(list.shards), concurrency, signal, async (shard) => {
    const { sha256, sizeBytes } = list.shards[shard]!
    const key = shardKey(shard, sha256)
    const bytes = await hashed(key, sha256, sizeBytes)
    return { key, bytes, entries: await readShard(list, shard, store.location, async () => bytes) }
  })
  const summaries = shards.flatMap(({ entries }) => entries)
  const blobs = new Map<string, Promise<number>>()
  const attestations = new Map<string, readonly string[]>()
  let done = 0
  await eachOf(summaries, concurrency, signal, async (summary) => {
    const attested = await copyEntry(store, summary, folder, (file) => {
      const copying = blobs.get(file.sha256) ?? copyBlob(store, file, join(folder, blobKey(file.sha256)), signal)
      blobs.set(file.sha256, copying)
      return copying
    })
    if (attested.length > 0) attestations.set(`${summary.name}@${summary.release}`, attested)
    onEntry(++done, summaries.length)
  })
  await put(folder, attestationsKey, Buffer.from(jsonText({ version: 1, entries: Object.fromEntries(attestations) })))
  for (const { key, bytes } of shards) await put(folder, key, bytes)
  await copySmall(store, listSignatureKey(hashBytes(stored)), folder)
  await put(folder, zooKey, stored)
  const copied = await Promise.all(blobs.values())
  return { entries: summaries.length, files: blobs.size, copiedBytes: copied.reduce((sum, bytes) => sum + bytes, 0) }
}

/** @returns keys of the attestations that were copied, where the store can tell which there are */
async function copyEntry(
  store: ZooStore,
  { name, release, digest, entryBytes }: EntrySummary,
  folder: string,
  copy: (file: EntryFile) => Promise<number>,
): Promise<readonly string[]> {
  const key = entryKey(name, release)
  const there = await readFile(join(folder, key)).catch(() => null)
  const isThere = there !== null && hashBytes(there) === digest
  const bytes = isThere ? there : await readHashedFrom(store)(key, digest, Math.min(entryBytes, entryLimits.entryBytes))
  const entry = parseEntry(bytes, { location: store.location, key })
  for (const file of entry.files) await copy(file)
  await copySmall(store, cardKey(name, release), folder)
  await copySmall(store, signatureKey(name, release), folder)
  const attestations = await copyAttestations(store, entry, digest, folder)
  if (!isThere) await put(folder, key, bytes)
  return attestations
}

async function copyAttestations(store: ZooStore, entry: ZooEntry, digest: string, folder: string): Promise<readonly string[]> {
  const keys = [...((await store.list(attestationsPrefix(entry.name, entry.release))) ?? [])].sort()
  const copied: string[] = []
  for (const key of keys) {
    const bytes = await readOfOthers(store, key)
    if (!bytes || attestedOf(entry, digest, [bytes], []).length === 0) continue
    await put(folder, key, bytes)
    copied.push(key)
  }
  return copied
}

/** Whoever laid down too much is passed over. */
async function readOfOthers(store: ZooStore, key: string): Promise<Uint8Array | null> {
  try {
    return (await store.read(key, smallBytes))?.bytes ?? null
  } catch (error) {
    if (isMnasError(error) && error.code === 'MNAS_ZOO_TOO_LARGE') return null
    throw error
  }
}

async function copySmall(store: ZooStore, key: string, folder: string): Promise<void> {
  const found = await store.read(key, smallBytes)
  if (found) await put(folder, key, found.bytes)
}

/** By one rename; a site can be laid again, so nothing waits for the disk. */
async function put(folder: string, key: string, bytes: Uint8Array): Promise<void> {
  const path = join(folder, key)
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`
  await mkdir(dirname(path), { recursive: true })
  await writeFile(temporary, bytes)
  await rename(temporary, path)
}

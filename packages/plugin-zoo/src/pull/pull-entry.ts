import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { coreErrors, isMnasError } from '@mnas/core/errors'
import { reasonOf, removeAbandoned } from '@mnas/core/files'
import { fetchBlob } from '../cache/fetch-blob.js'
import { readCached } from '../cache/read-cached.js'
import { requireSpaceFor } from '../cache/require-space.js'
import { blobKey } from '../catalogue/keys.js'
import type { EntryFile, ZooEntry } from '../entry/entry-schema.js'
import { eachOf } from '../parallel/each-of.js'
import { schemeOf } from '../zoos/open-store.js'
import type { ResolvedEntry } from '../zoos/resolve-entry.js'
import { copyChecked } from './copy-checked.js'
import { holdsEntry } from './holds-entry.js'
import { pulledModel } from './pulled-model.js'

export interface PullWish {
  readonly cacheFolder: string
  /** The bundle's folder. */
  readonly out: string
  readonly signal: AbortSignal
  /** Told as bytes come, and how many are to come in all. */
  readonly onBytes?: (done: number, all: number) => void
}

export interface Pulled {
  /** unchanged: the folder held exactly this entry. */
  readonly kind: 'pulled' | 'unchanged'
  readonly entry: ZooEntry
  readonly digest: string
  readonly zoo: string
  /** That came over the wire or from the zoo's folder; what the cache had does not count. */
  readonly fetchedBytes: number
  readonly files: number
}

/** Files that are fetched at once. */
const concurrency = 4

/**
 * Makes a bundle's folder of an entry, whole or not at all. Its files are its own: what is changed there does not spoil the cache. What the reference
 * resolved to stands in model.json (provenance.zoo).
 * @throws MNAS_ZOO_UNSIGNED, MNAS_ZOO_SIGNATURE_… where the user's trust list enforces one, MNAS_ZOO_OUT, MNAS_ZOO_DISK, MNAS_ZOO_HASH,
 * MNAS_ZOO_DAMAGED, MNAS_FILE_WRITE, and what reading a zoo throws
 */
export async function pullEntry({ zoo, summary }: ResolvedEntry, wish: PullWish): Promise<Pulled> {
  const { bytes, entry } = await zoo.entry(summary)
  await zoo.requireSignature(summary, bytes, entry)
  const { digest } = summary
  const source = {
    zoo: schemeOf(zoo.location) === 'folder' ? null : zoo.location,
    name: entry.name,
    release: entry.release,
    digest,
    licence: entry.licence.weights,
  }
  const out = resolve(wish.out)
  const done = { entry, digest, zoo: zoo.location, files: entry.files.length }
  const read = readCached(wish.cacheFolder, zoo.store)
  const holds = () => holdsEntry(out, entry, source, ({ sha256, sizeBytes }) => read(blobKey(sha256), sha256, sizeBytes))
  if (await holds()) return { kind: 'unchanged', ...done, fetchedBytes: 0 }
  await requireSpaceFor(entry.files, wish.cacheFolder, out)
  const all = entry.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  let fetchedBytes = 0
  const onBytes = (count: number) => {
    fetchedBytes += count
    wish.onBytes?.(fetchedBytes, all)
  }
  const fetch = (file: EntryFile) => fetchBlob(wish.cacheFolder, zoo.store, blobKey(file.sha256), file, wish.signal, onBytes)
  const temporary = `${out}.${randomUUID().slice(0, 8)}.tmp`
  try {
    await mkdir(temporary, { recursive: true })
    await removeAbandoned(out)
    await eachOf(entry.files, concurrency, wish.signal, async (file) => {
      const to = join(temporary, file.path)
      await mkdir(dirname(to), { recursive: true })
      await copyChecked(file, to, fetch)
      if (file.role === 'model') await pulledModel(to, source)
    })
    await mkdir(dirname(out), { recursive: true })
    // An empty folder may be replaced by a rename, one that somebody has filled meanwhile cannot.
    await rename(temporary, out).catch(async (error: unknown) => {
      if (!(await holds())) throw error
      await rm(temporary, { recursive: true, force: true })
    })
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined)
    wish.signal.throwIfAborted()
    throw isMnasError(error) ? error : coreErrors.MNAS_FILE_WRITE({ path: out, reason: reasonOf(error) }, error)
  }
  return { kind: 'pulled', ...done, fetchedBytes }
}

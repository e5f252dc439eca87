import { mkdir, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Hash, ZooStore } from '@mnas/core/contracts'
import { coreErrors, isMnasError } from '@mnas/core/errors'
import { reasonOf } from '@mnas/core/files'
import { openLockFile, until } from '@mnas/core/storage'
import { blobPath, lockPath, partPath } from './cache-paths.js'
import { cacheErrors } from './errors.js'
import { openPart, type Part } from './part-file.js'
import { sizeOf } from './size-of.js'

/** Where it comes from. */
export type BlobSource = Pick<ZooStore, 'location' | 'stream'>

export interface Blob {
  readonly sha256: Hash
  readonly sizeBytes: number
}

/** Attempts in a row that bring no byte; one that brings some begins the count anew. */
const fruitlessAttempts = 5
const firstPauseMs = 100

/**
 * The path of a blob in the cache; it is fetched where it is not there. What came before a cut stays and is gone on from, with the hash going on;
 * the blob appears by one rename when its hash is right. Two that want it at once fetch it once.
 * @param onBytes told of each piece that came
 * @throws MNAS_ZOO_HASH after one more download, MNAS_FILE_WRITE, and what `ZooStore.stream` throws
 */
export async function fetchBlob(
  cacheFolder: string,
  store: BlobSource,
  key: string,
  blob: Blob,
  signal: AbortSignal,
  onBytes: (count: number) => void = () => undefined,
): Promise<string> {
  const path = blobPath(cacheFolder, blob.sha256)
  if ((await sizeOf(path)) === blob.sizeBytes) return path
  const lock = openLockFile(lockPath(cacheFolder, blob.sha256))
  try {
    await until(() => {
      signal.throwIfAborted()
      return lock.tryExclusive()
    })
    // Whoever had the lock before may have fetched it.
    if ((await sizeOf(path)) === blob.sizeBytes) return path
    await fetchAnew({ store, key, blob, signal, onBytes, part: partPath(cacheFolder, blob.sha256), path })
    return path
  } finally {
    lock.close()
  }
}

interface Fetch {
  readonly store: BlobSource
  readonly key: string
  readonly blob: Blob
  readonly signal: AbortSignal
  readonly onBytes: (count: number) => void
  readonly part: string
  readonly path: string
}

async function fetchAnew(fetch: Fetch): Promise<void> {
  const { store, key, blob, part: partFile, path } = fetch
  const part = await ofDisk(partFile, async () => {
    await mkdir(dirname(partFile), { recursive: true })
    return openPart(partFile, blob.sizeBytes)
  })
  const keep = () => ofDisk(path, () => part.finish(() => rename(partFile, path)))
  try {
    // What was there may be of anybody: it is no download that went wrong.
    if (part.length > 0 && (await fill(part, fetch)) === null) return await keep()
    let wrong = ''
    for (let download = 0; download < 2; download++) {
      await ofDisk(partFile, part.discard)
      const fault = await fill(part, fetch)
      if (fault === null) return await keep()
      wrong = fault
    }
    await ofDisk(partFile, part.discard)
    throw cacheErrors.MNAS_ZOO_HASH({ location: store.location, key, expected: blob.sha256, received: wrong })
  } finally {
    await part.close()
  }
}

/** Fills a part to its end, over as many cuts as bring something. @returns null when it is right, else what it was */
async function fill(part: Part, { store, key, blob, signal, onBytes }: Fetch): Promise<string | null> {
  for (let fruitless = 0; part.length < blob.sizeBytes; ) {
    const before = part.length
    try {
      const { from, pieces } = await store.stream(key, before, signal)
      if (from !== before) await part.discard()
      for await (const piece of pieces) {
        onBytes(piece.length)
        if (part.length + piece.length > blob.sizeBytes) return `more than its ${blob.sizeBytes} bytes`
        await ofDisk(part.path, () => part.append(piece))
      }
      if (part.length < blob.sizeBytes) return `${part.length} of ${blob.sizeBytes} bytes (${part.digest()})`
    } catch (error) {
      signal.throwIfAborted()
      if (!isCut(error)) throw error
      fruitless = part.length > before ? 0 : fruitless + 1
      if (fruitless === fruitlessAttempts) throw error
      await delay(firstPauseMs * 2 ** fruitless, undefined, { signal })
    }
  }
  const received = part.digest()
  return received === blob.sha256 ? null : received
}

const isCut = (error: unknown) => isMnasError(error) && error.code === 'MNAS_ZOO_UNREACHABLE'

/** @throws MNAS_FILE_WRITE */
async function ofDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw coreErrors.MNAS_FILE_WRITE({ path, reason: reasonOf(error) }, error)
  }
}

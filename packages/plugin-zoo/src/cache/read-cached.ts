import { readFile } from 'node:fs/promises'
import type { ZooStore } from '@mnas/core/contracts'
import { hashBytes, writeAtomic } from '@mnas/core/files'
import { type ReadHashed, readHashedFrom } from '../catalogue/read-catalogue.js'
import { blobPath } from './cache-paths.js'

/** Small files that are known by their hash: out of the cache where they are whole there, else fetched, and kept. */
export function readCached(cacheFolder: string, store: ZooStore): ReadHashed {
  const fetch = readHashedFrom(store)
  return async (key, hash, sizeBytes) => {
    const path = blobPath(cacheFolder, hash)
    const kept = await readFile(path).catch(() => null)
    if (kept !== null && hashBytes(kept) === hash) return kept
    const fetched = await fetch(key, hash, sizeBytes)
    await writeAtomic(path, fetched)
    return fetched
  }
}

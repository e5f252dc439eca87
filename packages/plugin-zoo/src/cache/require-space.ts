import { stat, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { formatSize } from '@mnas/core/config'
import { blobPath, partPath } from './cache-paths.js'
import { cacheErrors } from './errors.js'
import type { Blob } from './fetch-blob.js'
import { sizeOf } from './size-of.js'

/** What is to be written where. */
export interface SpaceWish {
  readonly folder: string
  readonly bytes: number
}

/** Folders of one disk count together. @throws MNAS_ZOO_DISK before anything is written */
export async function requireSpace(wishes: readonly SpaceWish[]): Promise<void> {
  const needed = new Map<number, number>()
  for (const { folder, bytes } of wishes) {
    const there = await existing(folder)
    const { dev } = await stat(there)
    const sum = (needed.get(dev) ?? 0) + bytes
    needed.set(dev, sum)
    const { bavail, bsize } = await statfs(there)
    const free = bavail * bsize
    if (sum > free) throw cacheErrors.MNAS_ZOO_DISK({ folder, needed: formatSize(sum), free: formatSize(free) })
  }
}

/** For blobs that are copied out of the cache: there what is not there yet, and everything once more in the folder. @throws MNAS_ZOO_DISK */
export async function requireSpaceFor(blobs: readonly Blob[], cacheFolder: string, out: string): Promise<void> {
  let [missing, all] = [0, 0]
  for (const { sha256, sizeBytes } of blobs) {
    all += sizeBytes
    const there = (await sizeOf(blobPath(cacheFolder, sha256))) ?? (await sizeOf(partPath(cacheFolder, sha256))) ?? 0
    missing += Math.max(0, sizeBytes - there)
  }
  await requireSpace([
    { folder: cacheFolder, bytes: missing },
    { folder: out, bytes: all },
  ])
}

/** The folder, or the nearest above it that is there. */
async function existing(folder: string): Promise<string> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const found = await stat(path).catch(() => null)
    if (found?.isDirectory() || dirname(path) === path) return path
  }
}

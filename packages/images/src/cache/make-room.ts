import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryMark } from './build-pixel-cache.js'
import { cacheFiles } from './pixel-cache.js'

/** A build that has not written for this long was killed. */
const abandonedAfterMs = 60 * 60 * 1000

/**
 * Makes room for a cache of so many bytes among the caches in `folder`: abandoned builds go, then the caches unused for longest. Caches in
 * use stay readable to whoever has them open.
 * @returns false when it cannot fit: then nothing is removed and the files are streamed
 */
export async function makeRoom(folder: string, neededBytes: number, limitBytes: number): Promise<boolean> {
  if (neededBytes > limitBytes) return false
  const entries = await readdir(folder).catch(() => [])
  const caches: { path: string; bytes: number; usedMs: number }[] = []
  for (const name of entries) {
    const path = join(folder, name)
    if (name.includes(temporaryMark)) await removeAbandoned(path)
    else caches.push({ path, ...(await usage(path)) })
  }
  caches.sort((a, b) => a.usedMs - b.usedMs)
  let held = caches.reduce((sum, { bytes }) => sum + bytes, 0)
  for (const { path, bytes } of caches) {
    if (held + neededBytes <= limitBytes) break
    await rm(path, { recursive: true, force: true }).catch(() => undefined)
    held -= bytes
  }
  return true
}

async function removeAbandoned(path: string): Promise<void> {
  const written = await stat(join(path, cacheFiles.pixels)).catch(() => stat(path).catch(() => undefined))
  if (written && Date.now() - written.mtimeMs > abandonedAfterMs)
    await rm(path, { recursive: true, force: true }).catch(() => undefined)
}

async function usage(path: string): Promise<{ bytes: number; usedMs: number }> {
  const pixels = await stat(join(path, cacheFiles.pixels)).catch(() => undefined)
  const index = await stat(join(path, cacheFiles.index)).catch(() => undefined)
  return { bytes: pixels?.size ?? 0, usedMs: index?.mtimeMs ?? 0 }
}

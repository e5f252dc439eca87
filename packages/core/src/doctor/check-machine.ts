import { rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { formatSize } from '../config/index.js'
import type { Check } from '../contracts/index.js'
import { writeAtomic } from '../files/index.js'
import { attempt } from './check.js'

/** @param range the root package's `engines.node`, `>=major.minor` */
export function checkNode(range: string | undefined, version: string = process.versions.node): Check {
  const [major = 0, minor = 0] = (range?.match(/\d+/g) ?? []).map(Number)
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number)
  const recent = ownMajor > major || (ownMajor === major && ownMinor >= minor)
  if (recent) return { name: 'Node', status: 'ok', detail: version }
  return {
    name: 'Node',
    status: 'failed',
    detail: `${version} is older than ${major}.${minor}`,
    fix: `install Node ${major}.${minor} or newer`,
  }
}

export function checkCacheFolder(folder: string): Promise<Check> {
  const fix = 'set another one with MNAS_CACHE_FOLDER or "cacheFolder" in mnas.config.json'
  return attempt('cache folder', fix, async () => {
    const probe = join(folder, `doctor-${process.pid}`)
    await writeAtomic(probe, 'written by mnas doctor')
    await rm(probe, { force: true })
    return folder
  })
}

/** Below it a checkpoint may not fit; below twice the cache's limit the cache cannot grow as it may. */
const fullBytes = 256 * 2 ** 20

export async function checkDisk(folder: string, cacheLimitBytes: number): Promise<Check> {
  const statistics = await statfs(folder).catch(() => null)
  if (statistics === null)
    return { name: 'disk', status: 'hint', detail: 'unknown: the cache folder cannot be read', fix: 'see "cache folder"' }
  const free = statistics.bavail * statistics.bsize
  const detail = `${formatSize(free)} free for the cache, which may take ${formatSize(cacheLimitBytes)}`
  if (free < fullBytes)
    return { name: 'disk', status: 'failed', detail, fix: 'free some space, or move the cache with MNAS_CACHE_FOLDER' }
  if (free < cacheLimitBytes)
    return { name: 'disk', status: 'hint', detail, fix: `set "cacheLimit" below it; images beyond are streamed` }
  return { name: 'disk', status: 'ok', detail }
}

import { readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isTemporaryOf } from './write-atomic.js'

const abandonedMs = 24 * 3600 * 1000

/**
 * Removes what processes that were killed while they wrote `path` have left beside it. Others may be writing it now: a day later nobody is still
 * at it. What cannot be removed stays.
 */
export async function removeAbandoned(path: string): Promise<void> {
  const folder = dirname(path)
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((one) => isTemporaryOf(one, basename(path)))) {
    const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
    if (Date.now() - mtimeMs > abandonedMs) await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined)
  }
}

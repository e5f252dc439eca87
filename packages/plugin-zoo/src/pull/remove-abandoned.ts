import { readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

const abandonedMs = 24 * 3600 * 1000

/** Removes what pulls into a folder left beside it that were killed. A day later nobody is still at it. */
export async function removeAbandoned(out: string): Promise<void> {
  const folder = dirname(out)
  const isOurs = (name: string) => name.startsWith(`${basename(out)}.`) && /\.[0-9a-f]{8}\.tmp$/.test(name)
  for (const name of (await readdir(folder).catch(() => [])).filter(isOurs)) {
    const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
    if (Date.now() - mtimeMs > abandonedMs) await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined)
  }
}

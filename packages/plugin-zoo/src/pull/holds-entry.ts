import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashFile } from '@mnas/core/files'
import type { ZooEntry } from '../entry/entry-schema.js'
import { pullErrors } from './errors.js'
import type { PulledFrom } from './pulled-model.js'

/**
 * Whether a folder holds an entry already, file by file; false: there is none, or an empty one.
 * @throws MNAS_ZOO_OUT when it holds anything else
 */
export async function holdsEntry(folder: string, entry: ZooEntry, from: PulledFrom): Promise<boolean> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw pullErrors.MNAS_ZOO_OUT({ folder, found: 'a file, or a folder that cannot be read' }, error)
  })
  if (names.length === 0) return false
  const model = entry.files.find(({ role }) => role === 'model')
  const there = model ? await sourceOf(join(folder, model.path)) : null
  if (there?.digest !== from.digest) {
    const found = there ? `a model pulled from ${there.name}@${there.release}` : `a folder with "${names[0]}"`
    throw pullErrors.MNAS_ZOO_OUT({ folder, found })
  }
  for (const { path, sha256, role } of entry.files) {
    // It names its source since it was pulled.
    if (role === 'model') continue
    const hash = await hashFile(join(folder, path)).catch(() => null)
    if (hash !== sha256) throw pullErrors.MNAS_ZOO_OUT({ folder, found: `this entry with another "${path}"` })
  }
  return true
}

async function sourceOf(path: string): Promise<PulledFrom | null> {
  try {
    const { provenance } = JSON.parse(await readFile(path, 'utf8')) as { readonly provenance?: { readonly zoo?: PulledFrom } }
    return provenance?.zoo ?? null
  } catch {
    return null
  }
}

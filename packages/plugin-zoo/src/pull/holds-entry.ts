import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashFile } from '@mnas/core/files'
import type { EntryFile, ZooEntry } from '../entry/entry-schema.js'
import { pullErrors } from './errors.js'
import { type PulledFrom, withSource } from './pulled-model.js'

/**
 * Whether a folder holds an entry already, file by file; false: there is none, or an empty one.
 * @param published gives a file as it was published: that of the model names its source since it was pulled
 * @throws MNAS_ZOO_OUT when it holds anything else, and what `published` throws
 */
export async function holdsEntry(
  folder: string,
  entry: ZooEntry,
  from: PulledFrom,
  published: (file: EntryFile) => Promise<Uint8Array>,
): Promise<boolean> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw pullErrors.MNAS_ZOO_OUT({ folder, found: 'a file, or a folder that cannot be read' }, error)
  })
  if (names.length === 0) return false
  const refuse = (found: string) => pullErrors.MNAS_ZOO_OUT({ folder, found })
  const model = entry.files.find(({ role }) => role === 'model')
  if (model) {
    const text = await readFile(join(folder, model.path), 'utf8').catch(() => null)
    if (text === null) throw refuse(`a folder with "${names[0]}"`)
    const source = sourceIn(text)
    if (source && source.digest !== from.digest) throw refuse(`a model pulled from ${source.name}@${source.release}`)
    // Pulled from another copy of the zoo it says so, and is the same.
    const expected = withSource(Buffer.from(await published(model)).toString(), source ?? from)
    if (text !== expected) throw refuse(source ? `this entry with another "${model.path}"` : `a folder with "${names[0]}"`)
  }
  for (const { path, sha256, role } of entry.files) {
    if (role === 'model') continue
    const hash = await hashFile(join(folder, path)).catch(() => null)
    if (hash !== sha256) throw refuse(`this entry with another "${path}"`)
  }
  return true
}

function sourceIn(text: string): PulledFrom | null {
  try {
    const { provenance } = JSON.parse(text) as { readonly provenance?: { readonly zoo?: PulledFrom } }
    return provenance?.zoo ?? null
  } catch {
    return null
  }
}

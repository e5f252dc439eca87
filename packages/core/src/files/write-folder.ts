import { randomUUID } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { coreErrors, isMnasError } from '../errors/index.js'
import { reasonOf, writeAtomic } from './write-atomic.js'

/**
 * Writes a folder of files so that it appears whole or not at all: a temporary name beside it, renamed. A folder that stands there already is
 * replaced when everything in it is the caller's own.
 * @param files by name
 * @param owns whether a file of that name may be replaced
 * @throws MNAS_FILE_WRITE
 */
export async function writeFolder(
  path: string,
  files: ReadonlyMap<string, Uint8Array | string>,
  owns: (name: string) => boolean,
): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`
  try {
    const foreign = (await namesIn(path)).find((name) => !owns(name))
    if (foreign !== undefined) throw new Error(`a folder with other files stands in its place ("${foreign}")`)
    for (const [name, data] of files) await writeAtomic(join(temporary, name), data)
    await putInPlace(temporary, path)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined)
    const cause = isMnasError(error) ? (error.cause ?? error) : error
    throw coreErrors.MNAS_FILE_WRITE({ path, reason: reasonOf(cause) }, error)
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}

/** A folder cannot be renamed over one with files: the old one steps aside first, and comes back when the new one cannot take its place. */
async function putInPlace(temporary: string, path: string): Promise<void> {
  const aside = `${path}.${randomUUID().slice(0, 8)}.tmp`
  const replaced = await rename(path, aside).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
  try {
    await rename(temporary, path)
  } catch (error) {
    if (replaced) await rename(aside, path)
    throw error
  }
  if (replaced) await rm(aside, { recursive: true, force: true })
}

import { randomUUID } from 'node:crypto'
import { copyFile, link, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BlobStore, Hash } from '../contracts/index.js'
import { coreErrors, isMnasError } from '../errors/index.js'
import { exists, hashFile, reasonOf } from '../files/index.js'

/**
 * Content-addressed files in a local folder: `ab/abcdef…`. What is put there is linked where the file system can, since nobody here writes into
 * a file (writeAtomic replaces it); what is got is a copy.
 */
export function folderBlobStore(folder: string): BlobStore {
  const pathOf = (hash: Hash) => join(folder, hash.slice(0, 2), hash)
  const has = (hash: Hash) => exists(pathOf(hash))
  return {
    has,
    async put(path) {
      const hash = await hashFile(path).catch((error: unknown) => {
        throw coreErrors.MNAS_FILE_MISSING({ path, what: `File to store (${reasonOf(error)})` }, error)
      })
      if (!(await has(hash))) await appear(pathOf(hash), (temporary) => linkOrCopy(path, temporary))
      return hash
    },
    async get(hash, path) {
      const stored = pathOf(hash)
      if (!(await has(hash))) throw coreErrors.MNAS_FILE_MISSING({ path: stored, what: 'Stored file' })
      await appear(path, async (temporary) => {
        await copyFile(stored, temporary)
        const received = await hashFile(temporary)
        if (received !== hash) throw coreErrors.MNAS_BLOB_DAMAGED({ path: stored, expected: hash, received })
      })
    },
    delete: (hash) => rm(pathOf(hash), { force: true }),
  }
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  // Another file system, or one without links.
  await link(from, to).catch(() => copyFile(from, to))
}

/** Whole or not at all. @throws MNAS_FILE_WRITE, and what `write` throws of ours */
async function appear(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await write(temporary)
    await rename(temporary, path)
  } catch (error) {
    throw isMnasError(error) ? error : coreErrors.MNAS_FILE_WRITE({ path, reason: reasonOf(error) }, error)
  } finally {
    // Also after success: renaming one link of a file over another leaves both.
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}

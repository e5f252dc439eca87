import { access, copyFile, mkdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BlobStore, Hash } from '../contracts/index.js'
import { coreErrors } from '../errors/index.js'
import { hashFile, reasonOf } from '../files/index.js'

/** Content-addressed files in a local folder: `ab/abcdef…`. */
export function folderBlobStore(folder: string): BlobStore {
  const pathOf = (hash: Hash) => join(folder, hash.slice(0, 2), hash)
  const has = (hash: Hash) =>
    access(pathOf(hash)).then(
      () => true,
      () => false,
    )
  return {
    has,
    async put(path) {
      const hash = await hashFile(path)
      if (!(await has(hash))) await copyWhole(path, pathOf(hash))
      return hash
    },
    async get(hash, path) {
      if (!(await has(hash))) throw coreErrors.MNAS_FILE_MISSING({ path: pathOf(hash), what: 'Stored file' })
      await copyWhole(pathOf(hash), path)
    },
  }
}

async function copyWhole(from: string, to: string): Promise<void> {
  const temporary = `${to}.${process.pid}.tmp`
  try {
    await mkdir(dirname(to), { recursive: true })
    await copyFile(from, temporary)
    await rename(temporary, to)
  } catch (error) {
    throw coreErrors.MNAS_FILE_WRITE({ path: to, reason: reasonOf(error) }, error)
  }
}

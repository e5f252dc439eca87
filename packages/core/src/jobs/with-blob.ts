import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BlobStore, Hash } from '../contracts/index.js'
import { coreErrors } from '../errors/index.js'
import { reasonOf } from '../files/index.js'

/** Reads a blob as the file that it is, for as long as `read` takes. @throws what `BlobStore.get` throws, MNAS_FILE_WRITE */
export async function withBlob<T>(blobs: BlobStore, hash: Hash, read: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'mnas-blob-')).catch((error: unknown) => {
    throw coreErrors.MNAS_FILE_WRITE({ path: tmpdir(), reason: reasonOf(error) }, error)
  })
  try {
    const path = join(folder, hash)
    await blobs.get(hash, path)
    return await read(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { coreErrors } from '@mnas/core/errors'
import { hashFile, reasonOf } from '@mnas/core/files'
import { eachOf } from '../parallel/each-of.js'
import { blobsFolder, zooCacheFolder } from './cache-paths.js'

export interface CacheFacts {
  readonly folder: string
  /** Files that are named by their hash. */
  readonly blobs: number
  /** Of downloads that were cut off and can be gone on with. */
  readonly parts: number
  /** Of everything: these, and models that were fetched as MODEL arguments. */
  readonly sizeBytes: number
}

/** What was fetched of zoos. A cache that is not there is empty. */
export async function cacheFacts(cacheFolder: string): Promise<CacheFacts> {
  const folder = zooCacheFolder(cacheFolder)
  const blobs = await filesBelow(blobsFolder(cacheFolder))
  const parts = blobs.filter(({ path }) => path.endsWith('.part')).length
  const sizeBytes = (await filesBelow(folder)).reduce((sum, file) => sum + file.sizeBytes, 0)
  return { folder, blobs: blobs.length - parts, parts, sizeBytes }
}

const concurrency = 4

/** Hashes every blob again and removes those that are damaged: they are fetched anew when they are needed. @returns hashes of the removed */
export async function checkCache(cacheFolder: string, signal: AbortSignal): Promise<readonly string[]> {
  const named = (await filesBelow(blobsFolder(cacheFolder))).filter(({ name }) => /^[0-9a-f]{64}$/.test(name))
  const wrong = await eachOf(named, concurrency, signal, async ({ name, path }) => {
    if ((await hashFile(path)) === name) return []
    await rm(path, { force: true })
    return [name]
  })
  return wrong.flat().sort()
}

/** Removes everything but what this computer remembers of lists: a zoo that goes back is to be found out afterwards, too. @throws MNAS_FILE_WRITE */
export async function clearCache(cacheFolder: string): Promise<void> {
  for (const name of ['blobs', 'models', 'hub', 'signatures']) {
    const path = join(zooCacheFolder(cacheFolder), name)
    await rm(path, { recursive: true, force: true }).catch((error: unknown) => {
      throw coreErrors.MNAS_FILE_WRITE({ path, reason: reasonOf(error) }, error)
    })
  }
}

async function filesBelow(folder: string) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map(({ name, parentPath }) => ({ name, path: join(parentPath, name) }))
  return Promise.all(files.map(async (file) => ({ ...file, sizeBytes: (await stat(file.path).catch(() => ({ size: 0 }))).size })))
}

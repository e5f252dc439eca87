import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelSourceContext } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { hashFile, writeAtomic } from '@mnas/core/files'
import { hubFiles } from '@mnas/core/import'
import { zooCacheFolder } from '../cache/cache-paths.js'
import { type Blob, fetchBlob } from '../cache/fetch-blob.js'
import { requireSpaceFor } from '../cache/require-space.js'
import { sizeOf } from '../cache/size-of.js'
import { entryLimits } from '../entry/entry-schema.js'
import { copyChecked } from '../pull/copy-checked.js'
import { type HubAccess, locationOf } from '../stores/hf/hub-access.js'
import { type ListedFile, listRepo } from '../stores/hf/hub-changes.js'
import { hubFileSource } from '../stores/hf/hub-file-source.js'
import { wholeFileAt } from '../stores/hf/hub-repo.js'

/** Of files that are no weights, and of weights that the hub does not keep apart. */
const smallFile = 16 * 2 ** 20

/**
 * Weights as timm publishes them, with what stands beside them, in a folder of the cache. What is whole there stays, what is not is fetched.
 * @throws MNAS_ZOO_MISSING when it is no such repository, MNAS_ZOO_TOO_LARGE, MNAS_ZOO_DISK, and what fetching throws
 */
export async function fetchHubWeights(access: HubAccess, commit: string, context: ModelSourceContext): Promise<string> {
  const folder = join(zooCacheFolder(context.cacheFolder), 'hub', commit)
  const listed = await listRepo(access, commit)
  const wanted = listed.filter(({ path }) => (Object.values(hubFiles) as readonly string[]).includes(path))
  if (!wanted.some(({ path }) => path === hubFiles.config))
    throw storeErrors.MNAS_ZOO_MISSING({ location: locationOf(access), key: hubFiles.config })
  for (const { path, sizeBytes } of wanted) if (sizeBytes > entryLimits.fileBytes) throw tooLarge(access, path, sizeBytes)
  // Whether weights are missing, or are a pickle, is said by who reads the folder.
  const lacking: ListedFile[] = []
  for (const file of wanted) if (!(await isWhole(file, join(folder, file.path)))) lacking.push(file)
  await requireSpaceFor(lacking.flatMap(blobOf), context.cacheFolder, folder)
  await mkdir(folder, { recursive: true })
  for (const file of lacking) await bring(file, join(folder, file.path), access, commit, context)
  return folder
}

const tooLarge = (access: HubAccess, key: string, sizeBytes: number) =>
  storeErrors.MNAS_ZOO_TOO_LARGE({ location: locationOf(access), key, limit: entryLimits.fileBytes, received: `${sizeBytes}` })

/** Of a large file: the hub says the sha256 of no other. */
const blobOf = ({ sha256, sizeBytes }: ListedFile): readonly Blob[] => (sha256 === null ? [] : [{ sha256, sizeBytes }])

async function isWhole({ sha256, sizeBytes }: ListedFile, path: string): Promise<boolean> {
  return (await sizeOf(path)) === sizeBytes && (sha256 === null || (await hashFile(path)) === sha256)
}

/** Whole or not at all. */
async function bring(
  file: ListedFile,
  to: string,
  access: HubAccess,
  commit: string,
  { cacheFolder, signal }: ModelSourceContext,
): Promise<void> {
  const { path } = file
  const [blob] = blobOf(file)
  if (blob) {
    const temporary = `${to}.${randomUUID().slice(0, 8)}.tmp`
    try {
      await copyChecked(blob, temporary, () => fetchBlob(cacheFolder, hubFileSource(access, commit), path, blob, signal))
      await rename(temporary, to)
    } finally {
      await rm(temporary, { force: true })
    }
    return
  }
  const found = await wholeFileAt(access, commit, path, smallFile)
  if (found === null) throw storeErrors.MNAS_ZOO_MISSING({ location: locationOf(access), key: path })
  await writeAtomic(to, found.bytes)
}

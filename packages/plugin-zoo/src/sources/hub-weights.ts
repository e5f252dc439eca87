import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelSourceContext } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { exists, writeAtomic } from '@mnas/core/files'
import { hubFiles } from '@mnas/core/import'
import { zooCacheFolder } from '../cache/cache-paths.js'
import { fetchBlob } from '../cache/fetch-blob.js'
import { type HubAccess, locationOf } from '../stores/hf/hub-access.js'
import { type ListedFile, listRepo } from '../stores/hf/hub-changes.js'
import { hubFileSource } from '../stores/hf/hub-file-source.js'
import { wholeFileAt } from '../stores/hf/hub-repo.js'

/** Of files that are no weights, and of weights that the hub does not keep apart. */
const smallFile = 16 * 2 ** 20

/**
 * Weights as timm publishes them, with what stands beside them, in a folder of the cache.
 * @throws MNAS_ZOO_MISSING when it is no such repository, and what fetching throws
 */
export async function fetchHubWeights(access: HubAccess, commit: string, context: ModelSourceContext): Promise<string> {
  const folder = join(zooCacheFolder(context.cacheFolder), 'hub', commit)
  const listed = await listRepo(access, commit)
  await mkdir(folder, { recursive: true })
  for (const name of Object.values(hubFiles)) {
    const file = listed.find(({ path }) => path === name)
    if (!file && name === hubFiles.config) throw storeErrors.MNAS_ZOO_MISSING({ location: locationOf(access), key: name })
    // Whether weights are missing, or are a pickle, is said by who reads the folder.
    if (file && !(await exists(join(folder, name)))) await bring(file, join(folder, name), access, commit, context)
  }
  return folder
}

async function bring(
  file: ListedFile,
  to: string,
  access: HubAccess,
  commit: string,
  { cacheFolder, signal }: ModelSourceContext,
) {
  const { path, sha256, sizeBytes } = file
  if (sha256 !== null) {
    const blob = await fetchBlob(cacheFolder, hubFileSource(access, commit), path, { sha256, sizeBytes }, signal)
    return copyFile(blob, to)
  }
  const found = await wholeFileAt(access, commit, path, smallFile)
  if (found === null) throw storeErrors.MNAS_ZOO_MISSING({ location: locationOf(access), key: path })
  return writeAtomic(to, found.bytes)
}

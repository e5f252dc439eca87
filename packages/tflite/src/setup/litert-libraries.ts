import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ModelRuntime, RuntimeLibrary } from '@mnas/core/contracts'
import { exists, jsonText, writeAtomic } from '@mnas/core/files'
import { cachedLibrary, describeLibrary, findLibrary, recordOf } from './find-library.js'
import { libraryFileNameOf, liteRtVersion, thisPlatform, wheelTags } from './litert-release.js'
import { downloadWheelFor } from './pip-download.js'
import { wheelLibrary } from './wheel-library.js'

/** LiteRT's library for boards: out of the wheel of the same release, checked against the checksum of its platform. */
export const liteRtLibraries: NonNullable<ModelRuntime['libraries']> = {
  platforms: Object.keys(wheelTags),

  async find(platform, { cacheFolder }) {
    // A board like this computer takes the library that this computer runs models with, wherever that lies.
    if (platform === thisPlatform) return findLibrary(cacheFolder).then(described, () => null)
    const path = pathFor(platform, cacheFolder)
    return (await exists(path)) ? described(path) : null
  },

  async fetch(platform, { cacheFolder }) {
    const path = pathFor(platform, cacheFolder)
    const folder = await mkdtemp(join(tmpdir(), 'mnas-litert-'))
    try {
      const wheel = await downloadWheelFor(wheelTags[platform] ?? platform, folder)
      const { bytes, record } = wheelLibrary(wheel, await readFile(wheel), platform)
      await writeAtomic(path, bytes)
      await writeAtomic(recordOf(path), jsonText(record))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    return described(path)
  },
}

function pathFor(platform: string, cacheFolder: string): string {
  if (platform === thisPlatform) return cachedLibrary(cacheFolder)
  return join(cacheFolder, 'litert', liteRtVersion, platform, libraryFileNameOf(platform))
}

async function described(path: string): Promise<RuntimeLibrary> {
  return { ...(await describeLibrary(path)), path, sizeBytes: (await stat(path)).size }
}

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject, ModelRuntime, RuntimeInfo } from '@mnas/core/contracts'
import { coreErrors } from '@mnas/core/errors'
import { hashBytes, writeAtomic } from '@mnas/core/files'
import { cachedLibrary, describeLibrary, type LibraryRecord, recordOf } from './find-library.js'
import { libraryFileName, liteRtVersion, referenceChecksums } from './litert-release.js'
import { downloadWheel, pipCommand } from './pip-download.js'
import { probeLibrary } from './probe-library.js'
import { wheelLibrary } from './wheel-library.js'

/** Gets LiteRT's native library into the cache folder. Options: {library?: path of one the user has}. */
export const liteRtSetup: NonNullable<ModelRuntime['setup']> = {
  async plan(options, { cacheFolder }) {
    const library = givenPath(options)
    const target = cachedLibrary(cacheFolder)
    if (library !== undefined) return [`Try the library "${library}"`, `Copy it to "${target}"`]
    const checked = referenceChecksums[`${process.platform}-${process.arch}`]
      ? 'a checksum known to mnas'
      : 'the checksum in its package'
    return [
      `Download LiteRT ${liteRtVersion} (about 22 MB) from the Python package index: ${pipCommand}`,
      `Take ${libraryFileName} out of it and compare it with ${checked}`,
      `Keep it as "${target}"`,
    ]
  },

  async run(options, { cacheFolder }): Promise<RuntimeInfo> {
    const library = givenPath(options)
    const target = cachedLibrary(cacheFolder)
    if (library !== undefined) await install(await givenLibrary(library), target)
    else await downloadAndInstall(target)
    return describeLibrary(target)
  },
}

const givenPath = ({ library }: JsonObject) => (typeof library === 'string' ? library : undefined)

interface Candidate {
  readonly path: string
  readonly bytes: Uint8Array
  readonly record: LibraryRecord
}

async function givenLibrary(path: string): Promise<Candidate> {
  try {
    const bytes = await readFile(path)
    const sha256 = hashBytes(bytes)
    const verified = Object.values(referenceChecksums).includes(sha256) ? 'reference' : 'none'
    return { path, bytes, record: { version: 1, sha256, verified } }
  } catch (error) {
    throw coreErrors.MNAS_FILE_MISSING({ path, what: 'LiteRT library' }, error)
  }
}

async function downloadAndInstall(target: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mnas-litert-'))
  try {
    const wheel = await downloadWheel(folder)
    const { bytes, record } = wheelLibrary(wheel, await readFile(wheel))
    const path = join(folder, libraryFileName)
    await writeAtomic(path, bytes)
    await install({ path, bytes, record }, target)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What cannot be loaded is not installed. */
async function install({ path, bytes, record }: Candidate, target: string): Promise<void> {
  await probeLibrary(path)
  await writeAtomic(target, bytes)
  await writeAtomic(recordOf(target), `${JSON.stringify(record, null, 2)}\n`)
}

import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RuntimeInfo } from '@mnas/core/contracts'
import { hashFile } from '@mnas/core/files'
import { tfliteErrors } from '../errors.js'
import { libraryFileName, liteRtVersion, referenceChecksums } from './litert-release.js'

export const libraryVariable = 'MNAS_LITERT_LIBRARY'

/** Where the set-up puts the library. */
export function cachedLibrary(cacheFolder: string): string {
  return join(cacheFolder, 'litert', liteRtVersion, libraryFileName)
}

/** How the set-up came to trust a library: written beside it. */
export interface LibraryRecord {
  readonly version: 1
  readonly sha256: string
  /** reference: a checksum known here; record: the one its own wheel states; none: a file the user gave. */
  readonly verified: 'reference' | 'record' | 'none'
}

export const recordOf = (library: string) => `${library}.json`

/** The library that a model would run on: the one the environment names, else the cache's. @throws MNAS_LITERT_MISSING */
export async function findLibrary(cacheFolder: string): Promise<string> {
  const named = process.env[libraryVariable]
  const path = named || cachedLibrary(cacheFolder)
  try {
    await access(path)
    return path
  } catch (error) {
    const searched = named ? [`${libraryVariable}="${path}"`] : [`"${path}"`, `$${libraryVariable}`]
    throw tfliteErrors.MNAS_LITERT_MISSING({ searched }, error)
  }
}

/** What a library is. Its version is only told where a checksum vouches for it. */
export async function describeLibrary(path: string): Promise<RuntimeInfo> {
  const sha256 = await hashFile(path)
  const known = Object.values(referenceChecksums).includes(sha256) || (await vouchedFor(path, sha256))
  return { name: 'litert', version: known ? liteRtVersion : 'unknown', sha256 }
}

async function vouchedFor(path: string, sha256: string): Promise<boolean> {
  try {
    const record = JSON.parse(await readFile(recordOf(path), 'utf8')) as Partial<LibraryRecord>
    return record.sha256 === sha256 && (record.verified === 'reference' || record.verified === 'record')
  } catch {
    // No record, or one that cannot be read: nobody vouches.
    return false
  }
}

import { createHash } from 'node:crypto'
import { unzipSync } from 'fflate'
import { tfliteErrors } from '../errors.js'
import type { LibraryRecord } from './find-library.js'
import { libraryFileNameOf, referenceChecksums, thisPlatform } from './litert-release.js'

/** The library is 8 MB; an archive that claims to hold a far larger one is not unpacked. */
const largestLibraryBytes = 256 * 2 ** 20

export interface WheelLibrary {
  readonly bytes: Uint8Array
  readonly record: LibraryRecord
}

/**
 * Takes the library out of a wheel (a zip) and checks it: against the reference checksum of its platform, where there is one, and against
 * the wheel's own RECORD, whose hashes pip compares with the package index.
 * @throws MNAS_LITERT_PACKAGE, MNAS_LITERT_CHECKSUM
 */
export function wheelLibrary(path: string, wheel: Uint8Array, platform = thisPlatform): WheelLibrary {
  const libraryEntry = `ai_edge_litert/${libraryFileNameOf(platform)}`
  const files = unpack(path, wheel, libraryEntry)
  const bytes = files[libraryEntry]
  const failed = (expected: string, received: string) => tfliteErrors.MNAS_LITERT_PACKAGE({ path, expected, received })
  if (!bytes) throw failed(`a file ${libraryEntry}`, 'none')
  const digest = createHash('sha256').update(bytes).digest()
  const sha256 = digest.toString('hex')
  const reference = referenceChecksums[platform]
  if (reference !== undefined && reference !== sha256) {
    throw tfliteErrors.MNAS_LITERT_CHECKSUM({ expected: reference, received: sha256 })
  }
  const stated = statedDigest(files, libraryEntry)
  if (stated === undefined) throw failed(`a RECORD with the sha256 of ${libraryEntry}`, 'none')
  if (stated !== digest.toString('base64url')) throw failed(`sha256 ${stated} (base64url) as its RECORD states`, sha256)
  return { bytes, record: { version: 1, sha256, verified: reference ? 'reference' : 'record' } }
}

function unpack(path: string, wheel: Uint8Array, libraryEntry: string): Readonly<Record<string, Uint8Array>> {
  const wanted = ({ name, originalSize }: { readonly name: string; readonly originalSize: number }) =>
    (name === libraryEntry || name.endsWith('.dist-info/RECORD')) && originalSize <= largestLibraryBytes
  try {
    return unzipSync(wheel, { filter: wanted })
  } catch (error) {
    const received = error instanceof Error ? error.message : String(error)
    throw tfliteErrors.MNAS_LITERT_PACKAGE({ path, expected: 'an intact wheel', received }, error)
  }
}

/** A line of RECORD: `path,sha256=<base64url without padding>,size`. */
function statedDigest(files: Readonly<Record<string, Uint8Array>>, libraryEntry: string): string | undefined {
  const record = Object.entries(files).find(([name]) => name.endsWith('.dist-info/RECORD'))?.[1]
  const lines = new TextDecoder().decode(record).split(/\r?\n/)
  const line = lines.find((text) => text.startsWith(`${libraryEntry},sha256=`))
  return line?.split(',')[1]?.slice('sha256='.length)
}

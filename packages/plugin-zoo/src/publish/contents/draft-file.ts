import { stat } from 'node:fs/promises'
import type { FileSource } from '@mnas/core/contracts'
import { hashBytes, hashFile } from '@mnas/core/files'
import { type EntryFile, entryLimits, type FileRole } from '../../entry/entry-schema.js'
import { isEntryPath } from '../../entry/paths.js'
import { publishErrors } from '../errors.js'

/** A file on its way into an entry. */
export interface DraftFile extends EntryFile {
  readonly source: FileSource
}

/** What a file is besides its bytes. */
export type FileKind = Pick<EntryFile, 'path' | 'role' | 'format' | 'precision'>

/** Hashes and measures. @throws MNAS_ZOO_PATH, MNAS_ZOO_LIMITS */
export async function draftFile(kind: FileKind, source: FileSource): Promise<DraftFile> {
  if (!isEntryPath(kind.path)) throw publishErrors.MNAS_ZOO_PATH({ path: kind.path })
  const sizeBytes = 'bytes' in source ? source.bytes.length : (await stat(source.path)).size
  const most = entryLimits.fileBytes
  if (sizeBytes > most) throw publishErrors.MNAS_ZOO_LIMITS({ what: `bytes of "${kind.path}"`, most, received: sizeBytes })
  const sha256 = 'bytes' in source ? hashBytes(source.bytes) : await hashFile(source.path)
  return { ...kind, sha256, sizeBytes, source }
}

/** A file that is made here. */
export const draftText = (path: string, role: FileRole, text: string): Promise<DraftFile> =>
  draftFile({ path, role }, { bytes: new TextEncoder().encode(text) })

/** As it stands in entry.json. */
export const entryFileOf = ({ source: _, ...file }: DraftFile): EntryFile => file

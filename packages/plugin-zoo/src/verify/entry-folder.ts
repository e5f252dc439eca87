import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashBytes, reasonOf } from '@mnas/core/files'
import { entryLimits, type ZooEntry } from '../entry/entry-schema.js'
import { parseEntry } from '../entry/parse-entry.js'
import { largestSignature } from '../signatures/read-signature.js'
import { entryFile } from '../signatures/sign-files.js'
import { verifyErrors } from './errors.js'

/** An entry with its files on this computer: all that a verification needs. */
export interface EntryFolder {
  /** With the entry's files at their paths. */
  readonly folder: string
  readonly entry: ZooEntry
  /** Of entry.json, as published. */
  readonly entryBytes: Uint8Array
  /** sha256 of these bytes. */
  readonly digest: string
  /** model.sig; null: unsigned; unseen: offline, and the cache has none. */
  readonly signature: Uint8Array | null | 'unseen'
  /** Claims of others about it, each as it was signed; unseen: offline. */
  readonly attestations: readonly Uint8Array[] | 'unseen'
}

const signatureFile = 'model.sig'
const attestationsFolder = 'attestations'
/** Of more the first ones are looked at. */
export const mostAttestations = 64

/** @throws MNAS_ZOO_ENTRY_FOLDER, MNAS_ZOO_DAMAGED */
export async function openEntryFolder(folder: string): Promise<EntryFolder> {
  const refuse = (reason: string, cause?: unknown) => verifyErrors.MNAS_ZOO_ENTRY_FOLDER({ folder, reason }, cause)
  const entryBytes = await readSmall(join(folder, entryFile), entryLimits.entryBytes, refuse)
  if (entryBytes === null) throw refuse(`it has no ${entryFile}`)
  const signature = await readSmall(join(folder, signatureFile), largestSignature, refuse)
  const entry = parseEntry(entryBytes, { location: folder, key: entryFile })
  const attestations = await readAttestations(join(folder, attestationsFolder), refuse)
  return { folder, entry, entryBytes, digest: hashBytes(entryBytes), signature, attestations }
}

async function readAttestations(folder: string, refuse: Refuse): Promise<readonly Uint8Array[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort()
  const read = await Promise.all(
    names.slice(0, mostAttestations).map((name) => readSmall(join(folder, name), largestSignature, refuse)),
  )
  return read.filter((bytes) => bytes !== null)
}

type Refuse = (reason: string, cause?: unknown) => Error

/** null: there is none. */
async function readSmall(path: string, most: number, refuse: Refuse): Promise<Uint8Array | null> {
  try {
    const file = await open(path)
    const { size } = await file.stat().finally(() => file.close())
    if (size > most) throw refuse(`"${path}" has ${size} bytes, more than ${most}`)
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw (error as NodeJS.ErrnoException).code === undefined ? error : refuse(reasonOf(error), error)
  }
}

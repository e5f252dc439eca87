import { readFile, rm } from 'node:fs/promises'
import type { Hash, Surroundings, ZooStore } from '@mnas/core/contracts'
import { hashBytes, writeAtomic } from '@mnas/core/files'
import { signaturePath } from '../cache/cache-paths.js'
import { cacheErrors } from '../cache/errors.js'
import type { EntrySummary } from '../catalogue/catalogue-schema.js'
import { listSignatureKey, signatureKey, zooKey } from '../catalogue/keys.js'
import type { Catalogue } from '../catalogue/read-catalogue.js'
import type { ZooEntry } from '../entry/entry-schema.js'
import { checkSignature, requireSignature, type SignatureCheck } from '../signatures/check-signature.js'
import { filesOfEntry, filesOfZoo, subjectOf } from '../signatures/sign-files.js'
import { type TrustList, trustFor } from '../signatures/trust-list.js'

const largestSignature = 2 ** 20

/** What is needed to hold signatures against what the user trusts. */
export interface SignatureReader {
  readonly store: ZooStore
  /** By which the user may trust the zoo. */
  readonly identity: string
  readonly trust: TrustList
  readonly around: Surroundings
  /** The store may not be asked. */
  readonly offline: boolean
}

/** What a signature is held against. */
type Signed = Omit<SignatureCheck, 'signature'>

/**
 * Of the list, where the user trusts somebody for this zoo; nothing is asked for where nobody is trusted.
 * @throws MNAS_ZOO_UNSIGNED, MNAS_ZOO_KEY_UNKNOWN, MNAS_ZOO_SIGNATURE_… where that is enforced, MNAS_ZOO_OFFLINE
 */
export async function requireListSignature(reader: SignatureReader, { stored }: Catalogue): Promise<void> {
  const { identity: name, trust } = reader
  const hash = hashBytes(stored)
  await requireTrusted(reader, listSignatureKey(hash), hash, { name, subject: zooKey, files: filesOfZoo(stored), trust })
}

/** Of an entry, the same. @param bytes of its entry.json */
export async function requireEntrySignature(
  reader: SignatureReader,
  { name, release, digest }: EntrySummary,
  bytes: Uint8Array,
  entry: ZooEntry,
): Promise<void> {
  await requireTrusted(reader, signatureKey(name, release), digest, signedEntry(reader, bytes, entry))
}

/** Of an entry, whether anybody is trusted or not. @param bytes of its entry.json */
export const entrySignature = (
  reader: SignatureReader,
  { name, release, digest }: EntrySummary,
  bytes: Uint8Array,
  entry: ZooEntry,
): Promise<Uint8Array | null | 'unseen'> =>
  readSignature(reader, signatureKey(name, release), digest, signedEntry(reader, bytes, entry))

const signedEntry = ({ trust }: SignatureReader, bytes: Uint8Array, entry: ZooEntry): Signed => ({
  name: entry.name,
  subject: subjectOf(entry),
  files: filesOfEntry(bytes, entry),
  trust,
})

async function requireTrusted(reader: SignatureReader, key: string, of: Hash, signed: Signed): Promise<void> {
  const { store, around } = reader
  if (trustFor(signed.name, signed.trust).length === 0) return
  const signature = await readSignature(reader, key, of, signed)
  if (signature === 'unseen') throw cacheErrors.MNAS_ZOO_OFFLINE({ location: store.location, what: `"${key}"` })
  requireSignature({ ...signed, signature }, around.warn)
}

/** Kept by what it is of, for offline; one that does not check out is asked for anew: it may have been damaged, or replaced since. */
async function readSignature(
  { store, around, offline }: SignatureReader,
  key: string,
  of: Hash,
  signed: Signed,
): Promise<Uint8Array | null | 'unseen'> {
  const path = signaturePath(around.cacheFolder, of)
  const kept = await readFile(path).catch(() => null)
  if (offline) return kept ?? 'unseen'
  if (kept !== null && checkSignature({ ...signed, signature: kept }).problem === null) return kept
  const found = await store.read(key, largestSignature)
  if (found !== null) await writeAtomic(path, found.bytes)
  else await rm(path, { force: true })
  return found?.bytes ?? null
}

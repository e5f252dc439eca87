import { readFile } from 'node:fs/promises'
import type { Surroundings, ZooStore } from '@mnas/core/contracts'
import { hashBytes, writeAtomic } from '@mnas/core/files'
import { signaturePath } from '../cache/cache-paths.js'
import type { EntrySummary } from '../catalogue/catalogue-schema.js'
import { listSignatureKey, signatureKey, zooKey } from '../catalogue/keys.js'
import type { Catalogue } from '../catalogue/read-catalogue.js'
import type { ZooEntry } from '../entry/entry-schema.js'
import { requireSignature } from '../signatures/check-signature.js'
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
}

/**
 * Of the list, where the user trusts somebody for this zoo; nothing is asked for where nobody is trusted.
 * @throws MNAS_ZOO_UNSIGNED, MNAS_ZOO_KEY_UNKNOWN, MNAS_ZOO_SIGNATURE_… where that is enforced
 */
export async function requireListSignature(reader: SignatureReader, { stored }: Catalogue): Promise<void> {
  const { identity: name, trust, around } = reader
  if (trustFor(name, trust).length === 0) return
  const hash = hashBytes(stored)
  const signature = await readSignature(reader, listSignatureKey(hash), hash)
  requireSignature({ name, subject: zooKey, files: filesOfZoo(stored), signature, trust }, around.warn)
}

/** Of an entry, the same. @param bytes of its entry.json */
export async function requireEntrySignature(
  reader: SignatureReader,
  { name, release, digest }: EntrySummary,
  bytes: Uint8Array,
  entry: ZooEntry,
): Promise<void> {
  const { trust, around } = reader
  if (trustFor(name, trust).length === 0) return
  const signature = await readSignature(reader, signatureKey(name, release), digest)
  requireSignature({ name, subject: subjectOf(entry), files: filesOfEntry(bytes, entry), signature, trust }, around.warn)
}

/** Kept by what it is of: offline it is needed as well. */
async function readSignature({ store, around }: SignatureReader, key: string, of: string): Promise<Uint8Array | null> {
  const path = signaturePath(around.cacheFolder, of)
  const kept = await readFile(path).catch(() => null)
  if (kept !== null) return kept
  const found = await store.read(key, largestSignature)
  if (found !== null) await writeAtomic(path, found.bytes)
  return found?.bytes ?? null
}

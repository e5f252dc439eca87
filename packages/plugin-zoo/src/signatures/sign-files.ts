import { type KeyObject, sign } from 'node:crypto'
import { hashBytes } from '@mnas/core/files'
import { zooKey } from '../catalogue/keys.js'
import type { ZooEntry } from '../entry/entry-schema.js'
import { keyId } from './keys.js'
import { type SignedFile, statementOf } from './statement.js'

/** What an entry's signature covers: entry.json, and with it every file that it names. */
export const entryFile = 'entry.json'

export const filesOfEntry = (entryBytes: Uint8Array, { files }: Pick<ZooEntry, 'files'>): readonly SignedFile[] => [
  { path: entryFile, sha256: hashBytes(entryBytes) },
  ...files.map(({ path, sha256 }) => ({ path, sha256 })),
]

/** What a signature says it is of: `me/photos@1.2.0`. */
export const subjectOf = ({ name, release }: Pick<ZooEntry, 'name' | 'release'>): string => `${name}@${release}`

/** model.sig of an entry. @param entryBytes of its entry.json, as published */
export const signEntry = (entryBytes: Uint8Array, entry: ZooEntry, key: KeyObject): Uint8Array =>
  signFiles(subjectOf(entry), filesOfEntry(entryBytes, entry), key)

/** zoo.json.sig of a zoo's list. @param zooBytes as stored */
export const signZoo = (zooBytes: Uint8Array, key: KeyObject): Uint8Array => signFiles(zooKey, filesOfZoo(zooBytes), key)

export const filesOfZoo = (zooBytes: Uint8Array): readonly SignedFile[] => [{ path: zooKey, sha256: hashBytes(zooBytes) }]

export const payloadType = 'application/vnd.in-toto+json'
export const mediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json'

/** @param key private, P-256 */
export const signFiles = (name: string, files: readonly SignedFile[], key: KeyObject): Uint8Array =>
  signStatement(statementOf(name, files), key)

/**
 * A sigstore bundle of version 0.3 that holds a DSSE envelope: model_signing checks one of files without any network.
 * @param statement in-toto, as JSON
 * @param key private, P-256
 */
export function signStatement(statement: object, key: KeyObject): Uint8Array {
  const payload = Buffer.from(JSON.stringify(statement))
  const signature = sign('sha256', preAuthentication(payloadType, payload), key)
  const bundle = {
    mediaType,
    verificationMaterial: { publicKey: { hint: keyId(key) }, tlogEntries: [] },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType,
      signatures: [{ sig: signature.toString('base64'), keyid: '' }],
    },
  }
  return Buffer.from(JSON.stringify(bundle))
}

/** What DSSE signs: type and payload with their lengths, so that neither can pass for the other. */
export function preAuthentication(type: string, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `), payload])
}

import type { KeyObject } from 'node:crypto'
import type { Hash, Surroundings } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { hashBytes, writeAtomic } from '@mnas/core/files'
import type { Registry } from '@mnas/core/plugins'
import { attestationKey } from '../catalogue/keys.js'
import { subjectOf } from '../signatures/sign-files.js'
import type { Verification } from '../verify/verify-entry.js'
import { resolveEntry } from '../zoos/resolve-entry.js'
import { withZoos } from '../zoos/with-zoos.js'
import type { Zoo } from '../zoos/zoo.js'
import { type AttestedClaims, signAttestation } from './attestation.js'
import { attestedClaims } from './attested-claims.js'
import { attestErrors } from './errors.js'

export interface AttestRequest {
  readonly registry: Registry
  readonly verification: Verification
  /** Private. */
  readonly key: KeyObject
  /** Folder of the images; null: there were none. */
  readonly data: string | null
  /** File to write; null: none. */
  readonly out: string | null
  /** Where the zoo is that has the entry, to add it there; null: none. */
  readonly to: string | null
  readonly mnasVersion: string
  readonly around: Surroundings
}

export interface Attested {
  readonly claims: AttestedClaims
  /** Of its file. */
  readonly sha256: string
}

/**
 * Signs what a verification measured, and puts it beside the entry. Whoever measured another model than the entry's has nothing
 * to say of it; another number than it claims is what an attestation is for.
 * @throws MNAS_ZOO_BROKEN_SIGNATURE, MNAS_ZOO_BROKEN_FILES, MNAS_ZOO_BROKEN_OUTPUTS, MNAS_ZOO_ATTEST_NOTHING, MNAS_ZOO_READ_ONLY,
 * MNAS_ZOO_ENTRY_UNKNOWN, MNAS_FILE_WRITE, and what reading and writing a zoo throws
 */
export async function attestEntry(request: AttestRequest): Promise<Attested> {
  const { registry, verification, key, data, out, to, mnasVersion, around } = request
  const { entry, digest } = verification.entry
  if (verification.failure && !isOfNumbers(verification)) throw verification.failure
  const task = await registry.get('task', entry.task)
  const claims = attestedClaims(verification, { task, data, mnas: mnasVersion, now: new Date() })
  const subject = subjectOf(entry)
  if (claims.accuracy.length + claims.latency.length === 0) throw attestErrors.MNAS_ZOO_ATTEST_NOTHING({ entry: subject })
  const bytes = signAttestation({ subject, digest, claims }, key)
  const sha256 = hashBytes(bytes)
  if (out !== null) await writeAtomic(out, bytes)
  if (to !== null) await withZoos([to], { registry, around }, ([zoo]) => addTo(zoo!, verification, sha256, bytes))
  return { claims, sha256 }
}

const isOfNumbers = ({ rows }: Verification): boolean =>
  rows.every(({ kind, holds }) => holds !== false || kind === 'accuracy' || kind === 'latency')

/** Beside the very entry that it is about: elsewhere nobody would find it. */
async function addTo(zoo: Zoo, { entry: { entry, digest } }: Verification, sha256: Hash, bytes: Uint8Array): Promise<void> {
  const { store, location } = zoo
  if (store.access === 'read') throw storeErrors.MNAS_ZOO_READ_ONLY({ location })
  await resolveEntry([zoo], { kind: 'zoo', name: entry.name, release: null, digest })
  await store.create(attestationKey(entry.name, entry.release, sha256), { bytes })
  await store.flush()
}

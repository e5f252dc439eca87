import type { ZooStore } from '@mnas/core/contracts'
import { isMnasError } from '@mnas/core/errors'
import { type AttestedClaims, readAttestation } from '../attest/attestation.js'
import { attestationKey } from '../catalogue/keys.js'
import type { ZooEntry } from '../entry/entry-schema.js'
import { largestSignature } from '../signatures/read-signature.js'
import { subjectOf } from '../signatures/sign-files.js'
import { type TrustList, trustFor } from '../signatures/trust-list.js'
import { mostAttestations } from '../verify/entry-folder.js'

/** What somebody else measured of an entry, and signed. */
export interface Attested extends AttestedClaims {
  /** sha256 of his public key, as he says. */
  readonly key: string
  /** His key is trusted for this name, and this is its signature. */
  readonly trusted: boolean
}

/** The files beside an entry in which others say something; none where a place cannot tell what it holds (a web server). */
export async function attestationsIn(store: ZooStore, { name, release }: ZooEntry): Promise<readonly Uint8Array[]> {
  const prefix = attestationKey(name, release, '').slice(0, -'.json'.length)
  const keys = [...((await store.list(prefix)) ?? [])].sort().slice(0, mostAttestations)
  const found = await Promise.all(keys.map((key) => store.read(key, largestSignature)))
  return found.flatMap((file) => (file ? [file.bytes] : []))
}

/** Anybody may lay down what he likes: what is no attestation of this very entry is left out here, and told by `zoo verify`. */
export function attestedOf(entry: ZooEntry, digest: string, files: readonly Uint8Array[], trust: TrustList): readonly Attested[] {
  const rules = trustFor(entry.name, trust)
  return files.flatMap((bytes) => {
    const read = readable(bytes, subjectOf(entry))
    const [of] = read?.statement.subject ?? []
    if (!read || of?.name !== subjectOf(entry) || of.digest.sha256 !== digest) return []
    const { accuracy, latency } = read.statement.predicate
    return [{ key: read.keyId, trusted: rules.some(({ key }) => read.isBy(key)), accuracy, latency }]
  })
}

function readable(bytes: Uint8Array, subject: string) {
  try {
    return readAttestation(bytes, subject)
  } catch (error) {
    if (isMnasError(error)) return null
    throw error
  }
}

import { isMnasError } from '@mnas/core/errors'
import { type Attestation, readAttestation } from '../attest/attestation.js'
import { subjectOf } from '../signatures/sign-files.js'
import { type TrustList, trustFor } from '../signatures/trust-list.js'
import { type CheckedClaim, judged, notComparable } from './claim.js'
import type { EntryFolder } from './entry-folder.js'

/**
 * What others attest of an entry: of this very one, and signed with a key that is trusted for its name. Anybody may lay down
 * what he likes, so one that cannot be believed is told and breaks nothing; only who changed one of a trusted key has done
 * harm.
 */
export function checkAttestations(at: EntryFolder, trust: TrustList): readonly CheckedClaim[] {
  if (at.attestations !== 'unseen') return at.attestations.map((bytes, i) => checkAttestation(at, bytes, i + 1, trust))
  const about = { kind: 'signature', claim: `attestations of ${subjectOf(at.entry)}`, expected: 'those beside it' } as const
  return [notComparable(about, 'not known: offline')]
}

function checkAttestation({ entry, digest }: EntryFolder, bytes: Uint8Array, number: number, trust: TrustList): CheckedClaim {
  const subject = subjectOf(entry)
  const about = { kind: 'signature', claim: `attestation ${number} of ${subject}`, expected: 'one by a trusted key' } as const
  let attestation: Attestation
  try {
    attestation = readAttestation(bytes, subject)
  } catch (error) {
    if (!isMnasError(error)) throw error
    return notComparable(about, `${error.code}: ${error.message}`)
  }
  const { keyId, statement } = attestation
  const { accuracy, latency } = statement.predicate
  const got = `${accuracy.length} of accuracy, ${latency.length} of latency, signed with the key ${keyId.slice(0, 12)}`
  const [of] = statement.subject
  if (of?.name !== subject || of.digest.sha256 !== digest) return notComparable(about, `${got}, of another entry`)
  const rules = trustFor(entry.name, trust)
  if (rules.some(({ key }) => attestation.isBy(key))) return judged(about, got, true)
  if (rules.some(({ key }) => attestation.names(key))) return judged(about, `${got}, which is not its signature`, false)
  return notComparable(about, `${got}, which is not trusted for it`)
}

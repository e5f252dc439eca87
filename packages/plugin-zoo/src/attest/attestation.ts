import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { accuracyClaim, latencyClaim, sha256 } from '../entry/claims.js'
import { entryLimits } from '../entry/entry-schema.js'
import { readSigned, type Signed } from '../signatures/read-signature.js'
import { signStatement } from '../signatures/sign-files.js'
import { statementType } from '../signatures/statement.js'

const predicateType = 'urn:mnas:attestation:1'

const claims = z.strictObject({
  accuracy: z.array(accuracyClaim).max(entryLimits.claims),
  latency: z.array(latencyClaim).max(entryLimits.claims),
})
/** What somebody measured again of an entry. */
export type AttestedClaims = Readonly<z.infer<typeof claims>>

/** Its subject is the entry: name with release, and the digest of entry.json. */
const attestationSchema = z
  .object({
    _type: z.literal(statementType),
    subject: z.array(z.object({ name: z.string().max(500), digest: z.object({ sha256 }) })).length(1),
    predicateType: z.literal(predicateType),
    predicate: claims,
  })
  .refine(({ predicate }) => [...predicate.accuracy, ...predicate.latency].every(({ basis }) => basis === 'attested'), {
    message: 'claims of the basis attested',
    path: ['predicate'],
  })
export type Attestation = Signed<z.infer<typeof attestationSchema>>

/** Claims of somebody else about an entry, signed by him: the same envelope as a signature of files, around another statement. */
export function signAttestation(
  { subject, digest, claims }: { readonly subject: string; readonly digest: string; readonly claims: AttestedClaims },
  key: KeyObject,
): Uint8Array {
  const statement = {
    _type: statementType,
    subject: [{ name: subject, digest: { sha256: digest } }],
    predicateType,
    predicate: claims,
  }
  return signStatement(statement, key)
}

/** @param name of what it should be of, for errors. @throws MNAS_ZOO_SIGNATURE_DAMAGED */
export const readAttestation = (bytes: Uint8Array, name: string): Attestation => readSigned(bytes, name, attestationSchema)

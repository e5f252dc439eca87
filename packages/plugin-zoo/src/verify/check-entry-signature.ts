import { checkSignature } from '../signatures/check-signature.js'
import { keyId } from '../signatures/keys.js'
import { filesOfEntry, subjectOf } from '../signatures/sign-files.js'
import { type TrustList, trustFor } from '../signatures/trust-list.js'
import { type CheckedClaim, judged, notComparable } from './claim.js'
import type { EntryFolder } from './entry-folder.js'

/**
 * Whether somebody whom the user trusts signed an entry. It covers entry.json and the hashes in it; whether the files have
 * these, the rows of the files say.
 */
export function checkEntrySignature({ entry, entryBytes, signature }: EntryFolder, trust: TrustList): CheckedClaim {
  const subject = subjectOf(entry)
  const keys = [...new Set(trustFor(entry.name, trust).map(({ key }) => keyId(key).slice(0, 12)))]
  const expected = keys.length > 0 ? `one by a trusted key: ${keys.join(' or ')}` : 'one, or none: no key is trusted for it'
  const about = { kind: 'signature', claim: `signature of ${subject}`, expected } as const
  const verdict = checkSignature({ name: entry.name, subject, files: filesOfEntry(entryBytes, entry), signature, trust })
  const by = verdict.key === null ? 'unsigned' : `signed with the key ${verdict.key.slice(0, 12)}`
  switch (verdict.state) {
    case 'trusted':
      return judged(about, by, true)
    case 'unknown':
      return notComparable(about, by)
    case 'wrong':
      return judged(about, `${verdict.problem?.code}: ${verdict.problem?.message}`, false)
    default:
      return verdict.state satisfies never
  }
}

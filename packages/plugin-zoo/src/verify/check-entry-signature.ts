import { checkSignature, isUntrusted } from '../signatures/check-signature.js'
import { keyId } from '../signatures/keys.js'
import { filesOfEntry, subjectOf } from '../signatures/sign-files.js'
import { type TrustList, trustFor } from '../signatures/trust-list.js'
import { type About, type CheckedClaim, judged, notComparable } from './claim.js'
import type { EntryFolder } from './entry-folder.js'

export interface CheckedSignature {
  readonly row: CheckedClaim
  /** The trust list enforces a signature, and this is not it: nothing of the entry may be used. */
  readonly barred: boolean
}

/**
 * Whether somebody whom the user trusts signed an entry. It covers entry.json and the hashes in it; whether the files have
 * these, the rows of the files say. A signature of something else never holds; that none of a trusted key is there is told,
 * and a failure only where one is enforced.
 */
export function checkEntrySignature(at: EntryFolder, trust: TrustList): CheckedSignature {
  const { entry, entryBytes, signature } = at
  const subject = subjectOf(entry)
  const rules = trustFor(entry.name, trust)
  const keys = [...new Set(rules.map(({ key }) => keyId(key).slice(0, 12)))]
  const expected = keys.length > 0 ? `one by a trusted key: ${keys.join(' or ')}` : 'one, or none: no key is trusted for it'
  const about = { kind: 'signature', claim: `signature of ${subject}`, expected } as const
  if (signature === 'unseen') {
    const enforced = rules.some(({ mode }) => mode === 'enforce')
    return failedIf(enforced, about, 'not known: offline, and not in the cache', enforced)
  }
  const verdict = checkSignature({ name: entry.name, subject, files: filesOfEntry(entryBytes, entry), signature, trust })
  const by = verdict.key === null ? 'unsigned' : `signed with the key ${verdict.key.slice(0, 12)}`
  switch (verdict.state) {
    case 'trusted':
      return { row: judged(about, by, true), barred: false }
    case 'unknown':
      return { row: notComparable(about, by), barred: false }
    case 'wrong':
      return failedIf(
        verdict.enforced || !isUntrusted(verdict),
        about,
        `${verdict.problem?.code}: ${verdict.problem?.message}`,
        verdict.enforced,
      )
    default:
      return verdict.state satisfies never
  }
}

const failedIf = (failed: boolean, about: About, got: string, barred: boolean): CheckedSignature => ({
  row: failed ? judged(about, got, false) : notComparable(about, got),
  barred,
})

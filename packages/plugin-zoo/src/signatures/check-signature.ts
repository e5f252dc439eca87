import { isMnasError, type MnasError } from '@mnas/core/errors'
import { signatureErrors } from './errors.js'
import { keyId } from './keys.js'
import { readSignature, type Signature } from './read-signature.js'
import type { SignedFile } from './statement.js'
import { type TrustList, trustFor } from './trust-list.js'

export interface SignatureCheck {
  /** What trust is given to: an entry's name (`me/photos`), or a zoo's location. */
  readonly name: string
  /** What the signature has to say it is of: `me/photos@1.2.0`, `zoo.json.gz`. */
  readonly subject: string
  /** All that it has to cover: exactly these. */
  readonly files: readonly SignedFile[]
  /** null: there is none. */
  readonly signature: Uint8Array | null
  readonly trust: TrustList
}

/**
 * What came of it:
 *   trusted  signed with a trusted key, and every file is what was signed
 *   unknown  nobody is trusted for the name: a signature can say nothing; `problem` null
 *   wrong    it should be trusted and is not, or it contradicts the files: `problem` says how
 */
export interface SignatureVerdict {
  readonly state: 'trusted' | 'unknown' | 'wrong'
  /** Of the key that signed it, as it says; null: unsigned, or damaged. */
  readonly key: string | null
  readonly problem: MnasError | null
  /** Whether the trust list says to go no further. */
  readonly enforced: boolean
}

/**
 * Holds a signature against files and the trust list. Never throws for a bad one.
 *
 * The hashes are those that a pull has found on its way: nothing is read twice.
 */
export function checkSignature(check: SignatureCheck): SignatureVerdict {
  const { name, signature: bytes, trust } = check
  const all = trustFor(name, trust)
  const enforced = all.some(({ mode }) => mode === 'enforce')
  // Where one pattern enforces, a key that another only warns of is not enough.
  const rules = enforced ? all.filter(({ mode }) => mode === 'enforce') : all
  const wrong = (problem: MnasError, key: string | null): SignatureVerdict => ({ state: 'wrong', key, problem, enforced })
  if (bytes === null) {
    const [rule] = rules
    if (!rule) return { state: 'unknown', key: null, problem: null, enforced }
    return wrong(signatureErrors.MNAS_ZOO_UNSIGNED({ name: check.subject, pattern: rule.pattern }), null)
  }
  let signature: Signature
  try {
    signature = readSignature(bytes, check.subject)
  } catch (error) {
    if (isMnasError(error)) return wrong(error, null)
    throw error
  }
  const key = signature.keyId
  const ofKey = rules.length > 0 ? wrongKey(check, signature, rules) : null
  // Of another than who is trusted, and of something else besides: that is the worse of the two.
  const problem =
    ofKey?.code === 'MNAS_ZOO_KEY_UNKNOWN' ? (wrongFiles(check, signature) ?? ofKey) : (ofKey ?? wrongFiles(check, signature))
  if (problem) return wrong(problem, key)
  return { state: rules.length > 0 ? 'trusted' : 'unknown', key, problem: null, enforced }
}

const untrusted: readonly string[] = ['MNAS_ZOO_UNSIGNED', 'MNAS_ZOO_KEY_UNKNOWN']

/** Whether nothing else is wrong than that nobody who is trusted signed it: it contradicts nothing. */
export const isUntrusted = ({ problem }: SignatureVerdict): boolean => problem !== null && untrusted.includes(problem.code)

/** The same for who goes no further than the trust list lets him: what is wrong is thrown where it is enforced, else told. */
export function requireSignature(check: SignatureCheck, warn: (message: string) => void): SignatureVerdict {
  const verdict = checkSignature(check)
  if (verdict.problem && verdict.enforced) throw verdict.problem
  if (verdict.problem) warn(verdict.problem.message)
  return verdict
}

function wrongKey({ subject }: SignatureCheck, signature: Signature, rules: TrustList): MnasError | null {
  if (rules.some(({ key }) => signature.isBy(key))) return null
  const { keyId: key } = signature
  if (rules.some((rule) => signature.names(rule.key))) return signatureErrors.MNAS_ZOO_SIGNATURE_WRONG({ name: subject, key })
  const trusted = [...new Set(rules.map((rule) => keyId(rule.key)))]
  return signatureErrors.MNAS_ZOO_KEY_UNKNOWN({ name: subject, key: key || 'it does not name', trusted })
}

function wrongFiles({ subject, files }: SignatureCheck, { statement }: Signature): MnasError | null {
  const received = statement.subject[0]!.name
  if (received !== subject) return signatureErrors.MNAS_ZOO_SIGNATURE_OTHER({ name: subject, received })
  const signed = new Map(statement.predicate.resources.map(({ name, digest }) => [name, digest]))
  for (const { path, sha256 } of files) {
    const expected = signed.get(path)
    if (expected === sha256) continue
    const wanted = expected === undefined ? 'no such file' : `sha256 ${expected}`
    return signatureErrors.MNAS_ZOO_SIGNATURE_CHANGED({ name: subject, path, expected: wanted, received: `sha256 ${sha256}` })
  }
  const present = new Set(files.map(({ path }) => path))
  const missing = [...signed].find(([path]) => !present.has(path))
  if (!missing) return null
  const [path, digest] = missing
  return signatureErrors.MNAS_ZOO_SIGNATURE_CHANGED({
    name: subject,
    path,
    expected: `sha256 ${digest}`,
    received: 'no such file',
  })
}

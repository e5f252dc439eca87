import type { KeyObject } from 'node:crypto'
import { verify } from 'node:crypto'
import { z } from 'zod'
import { signatureErrors } from './errors.js'
import { keyId } from './keys.js'
import { mediaType, payloadType, preAuthentication } from './sign-files.js'
import { rootOf, type Statement, statementSchema } from './statement.js'

/** Before anything of it is parsed. */
export const largestSignature = 2 ** 20

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, 'base64')
const bundleSchema = z.object({
  mediaType: z.literal(mediaType),
  verificationMaterial: z.object({ publicKey: z.object({ hint: z.string().max(200).optional() }) }),
  dsseEnvelope: z.object({
    payload: base64,
    payloadType: z.literal(payloadType),
    signatures: z.array(z.object({ sig: base64 })).length(1),
  }),
})

/** A signed statement as it stands in its file; nothing of it is believed yet. */
export interface Signed<T> {
  /** Of the key that it was made with, as it says; empty: it does not say. */
  readonly keyId: string
  readonly statement: T
  /** Whether it says that it was made with this key. */
  names(key: KeyObject): boolean
  isBy(key: KeyObject): boolean
}
export type Signature = Signed<Statement>

/** A signature of files. @param name of what it should be of, for errors. @throws MNAS_ZOO_SIGNATURE_DAMAGED */
export function readSignature(bytes: Uint8Array, name: string): Signature {
  const signature = readSigned(bytes, name, statementSchema)
  const { subject, predicate } = signature.statement
  if (subject[0]!.digest.sha256 === rootOf(predicate.resources)) return signature
  const reason = 'its hash over all files is not that of the files it names'
  throw signatureErrors.MNAS_ZOO_SIGNATURE_DAMAGED({ name, reason })
}

/** @throws MNAS_ZOO_SIGNATURE_DAMAGED, also for a statement of another schema */
export function readSigned<T>(bytes: Uint8Array, name: string, schema: z.ZodType<T>): Signed<T> {
  const damaged = (reason: string, cause?: unknown) => signatureErrors.MNAS_ZOO_SIGNATURE_DAMAGED({ name, reason }, cause)
  if (bytes.length > largestSignature) throw damaged(`it has ${bytes.length} bytes`)
  const { verificationMaterial, dsseEnvelope } = parsed(bundleSchema, bytes, damaged)
  const payload = Buffer.from(dsseEnvelope.payload, 'base64')
  const statement = parsed(schema, payload, damaged)
  const signature = Buffer.from(dsseEnvelope.signatures[0]!.sig, 'base64')
  const hint = verificationMaterial.publicKey.hint ?? ''
  return {
    keyId: hint,
    statement,
    names: (key) => hint === keyId(key),
    isBy: (key) => verify('sha256', preAuthentication(payloadType, payload), key, signature),
  }
}

function parsed<T>(schema: z.ZodType<T>, bytes: Uint8Array, damaged: (reason: string, cause?: unknown) => Error): T {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw damaged('it is no JSON', error)
  }
  const result = schema.safeParse(json)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw damaged(`${issue?.path.join('.') || 'the whole'} is not what it should be (${issue?.message})`)
}

import { createPublicKey, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { userConfigFolder } from '@mnas/core/config'
import { jsonText, readJson, writeAtomic } from '@mnas/core/files'
import { z } from 'zod'
import { patternOf } from '../zoos/open-store.js'
import { signatureErrors } from './errors.js'
import { isP256, keyId, publicPem } from './keys.js'

/** warn: say so and go on. enforce: use nothing that no trusted key signed. */
export const trustModes = ['warn', 'enforce'] as const
export type TrustMode = (typeof trustModes)[number]

const trustSchema = z.strictObject({
  version: z.literal(1),
  trusted: z
    .array(z.strictObject({ pattern: z.string().min(1).max(500), mode: z.enum(trustModes), key: z.string().max(64 * 1024) }))
    .max(10_000),
})

/** Whose signature counts for which names. */
export interface TrustedKey {
  /** Of entries' names (`me/*`) or zoos' locations, as `identityOf` writes these; `*` stands for anything. */
  readonly pattern: string
  readonly mode: TrustMode
  /** Public. */
  readonly key: KeyObject
}
export type TrustList = readonly TrustedKey[]

export const trustPath = (folder: string = userConfigFolder()): string => join(folder, 'zoo-trust.json')

/** What the user trusts; nothing where there is no such file. @throws MNAS_ZOO_TRUST_FILE */
export async function readTrust(path: string = trustPath()): Promise<TrustList> {
  const damaged = (reason: string, cause?: unknown) => signatureErrors.MNAS_ZOO_TRUST_FILE({ path, reason }, cause)
  const json = await readJson(path, ({ reason, cause }) => damaged(reason, cause))
  if (json === null) return []
  const { data, error } = trustSchema.safeParse(json)
  if (!data) throw damaged(`"${error.issues[0]?.path.join('.')}" is not what it should be (${error.issues[0]?.message})`)
  return data.trusted.map(({ pattern, mode, key }) => ({ pattern: patternOf(pattern), mode, key: parseKey(key, damaged) }))
}

function parseKey(pem: string, damaged: (reason: string, cause?: unknown) => Error): KeyObject {
  try {
    const key = createPublicKey(pem)
    if (isP256(key)) return key
  } catch (error) {
    throw damaged('one of its keys is none', error)
  }
  throw damaged('one of its keys is not on the curve P-256')
}

/** With a key for a pattern, instead of what was said of both before. @throws MNAS_FILE_WRITE, MNAS_ZOO_TRUST_FILE */
export async function addTrust({ pattern: written, mode, key }: TrustedKey, path: string = trustPath()): Promise<TrustList> {
  const pattern = patternOf(written)
  const others = (await readTrust(path)).filter((one) => one.pattern !== pattern || keyId(one.key) !== keyId(key))
  return write([...others, { pattern, mode, key }], path)
}

/**
 * Without a pattern.
 * @param id the beginning of a key's name, where only that one goes
 * @throws MNAS_ZOO_TRUST_UNKNOWN, MNAS_FILE_WRITE, MNAS_ZOO_TRUST_FILE
 */
export async function removeTrust(pattern: string, id = '', path: string = trustPath()): Promise<TrustList> {
  const all = await readTrust(path)
  const left = all.filter((one) => one.pattern !== patternOf(pattern) || !keyId(one.key).startsWith(id))
  if (left.length === all.length)
    throw signatureErrors.MNAS_ZOO_TRUST_UNKNOWN({ pattern, known: [...new Set(all.map((one) => one.pattern))] })
  return write(left, path)
}

async function write(trusted: TrustList, path: string): Promise<TrustList> {
  await writeAtomic(path, jsonText({ version: 1, trusted: trusted.map((one) => ({ ...one, key: publicPem(one.key) })) }))
  return trusted
}

/** Those that have a say about a name. */
export const trustFor = (name: string, trust: TrustList): TrustList => trust.filter(({ pattern }) => matches(pattern, name))

/** `*` stands for any characters, `/` among them. In time that grows with the length alone, whatever the pattern. */
function matches(pattern: string, name: string): boolean {
  const [first = '', ...others] = pattern.split('*')
  if (others.length === 0) return name === pattern
  const last = others.pop()!
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
  let at = first.length
  for (const part of others) {
    const found = name.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return at <= name.length - last.length
}

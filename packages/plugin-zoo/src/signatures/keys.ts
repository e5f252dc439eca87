import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { coreErrors } from '@mnas/core/errors'
import { reasonOf, writeAtomic } from '@mnas/core/files'
import { signatureErrors } from './errors.js'

/** P-256, as OpenSSL calls it. What model_signing checks besides, it refuses Ed25519. */
const curve = 'prime256v1'
const largestKey = 64 * 1024

export interface NewKey {
  readonly privatePath: string
  readonly publicPath: string
  /** As keyId gives it. */
  readonly id: string
}

/**
 * Makes a key pair: the private one at `path`, for its owner alone (mode 600), the public one beside it as `path.pub`.
 * @throws MNAS_ZOO_KEY_EXISTS, MNAS_FILE_WRITE
 */
export async function makeKey(path: string): Promise<NewKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve })
  const file = await open(path, 'wx', 0o600).catch((error) => {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw signatureErrors.MNAS_ZOO_KEY_EXISTS({ path }, error)
    throw coreErrors.MNAS_FILE_WRITE({ path, reason: reasonOf(error) }, error)
  })
  try {
    await file.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await file.sync()
  } finally {
    await file.close()
  }
  const publicPath = `${path}.pub`
  await writeAtomic(publicPath, publicPem(publicKey))
  return { privatePath: path, publicPath, id: keyId(publicKey) }
}

/** @throws MNAS_ZOO_KEY_FILE */
export const readPrivateKey = (path: string): Promise<KeyObject> =>
  readKey(path, 'a private key on the curve P-256, as PEM', createPrivateKey)

/** A public key; of a private one its public half. @throws MNAS_ZOO_KEY_FILE */
export const readPublicKey = (path: string): Promise<KeyObject> =>
  readKey(path, 'a public key on the curve P-256, as PEM', createPublicKey)

/** The name of a key: what signatures carry as their hint, sha256 of the public key as PEM. */
export const keyId = (key: KeyObject): string =>
  createHash('sha256')
    .update(publicPem(key.type === 'private' ? createPublicKey(key) : key))
    .digest('hex')

export const publicPem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()

/** Whether signatures here can be of it. */
export const isP256 = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean =>
  asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === curve

async function readKey(path: string, expected: string, parse: (pem: string) => KeyObject): Promise<KeyObject> {
  const refuse = (received: string, cause?: unknown) => signatureErrors.MNAS_ZOO_KEY_FILE({ path, expected, received }, cause)
  const text = await readFile(path, 'utf8').catch((error) => {
    throw refuse(reasonOf(error), error)
  })
  if (text.length > largestKey) throw refuse(`a file of ${text.length} bytes`)
  const key = parsed(() => parse(text), refuse)
  if (!isP256(key)) throw refuse(`a key of the type ${key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType}`)
  return key
}

function parsed(parse: () => KeyObject, refuse: (received: string, cause: unknown) => Error): KeyObject {
  try {
    return parse()
  } catch (error) {
    throw refuse('no such key', error)
  }
}

import type { Surroundings } from '@mnas/core/contracts'
import type { Registry } from '@mnas/core/plugins'
import { isRelease } from '../entry/names.js'
import { pullErrors } from '../pull/errors.js'
import { parseReference } from '../reference/parse-reference.js'
import { readPrivateKey } from '../signatures/keys.js'
import { signZoo } from '../signatures/sign-files.js'
import { openZoo } from '../zoos/zoo.js'
import { upkeepErrors } from './errors.js'
import { dependantsOf, type Withdrawn, withdrawRelease } from './withdraw-release.js'

export interface WithdrawRequest {
  readonly registry: Registry
  readonly around: Surroundings
  /** OWNER/NAME@RELEASE, the whole of it. */
  readonly reference: string
  /** The zoo. */
  readonly from: string
  readonly reason: string | undefined
  readonly undo: boolean
  /** Path of a private key. */
  readonly key: string | undefined
}

export interface WithdrawnRelease extends Withdrawn {
  readonly name: string
  readonly release: string
  /** Null: it is not withdrawn. */
  readonly reason: string | null
  readonly dependants: readonly string[]
}

/** @throws MNAS_ZOO_REFERENCE, MNAS_ZOO_REASON, and what withdrawRelease throws */
export async function withdraw(request: WithdrawRequest): Promise<WithdrawnRelease> {
  const { registry, around, from, undo, key } = request
  const reference = parseReference(request.reference)
  if (reference?.kind !== 'zoo' || reference.release === null || !isRelease(reference.release))
    throw pullErrors.MNAS_ZOO_REFERENCE({ received: request.reference })
  const { name, release } = reference
  if (!undo && !request.reason) throw upkeepErrors.MNAS_ZOO_REASON({ release: `${name}@${release}` })
  const reason = undo ? null : request.reason!
  const privateKey = key === undefined ? null : await readPrivateKey(key)
  const sign = privateKey && (async (stored: Uint8Array) => signZoo(stored, privateKey))
  const zoo = await openZoo(from, { registry, around })
  try {
    const withdrawn = await withdrawRelease(zoo.store, { name, release, reason }, around.signal, ...(sign ? [sign] : []))
    const dependants = await dependantsOf(zoo, name, withdrawn.digest, around.signal)
    return { ...withdrawn, name, release, reason, dependants }
  } finally {
    await zoo.close()
  }
}

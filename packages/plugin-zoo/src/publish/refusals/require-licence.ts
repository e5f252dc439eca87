import { isLicence } from '../../entry/licences.js'
import { publishErrors } from '../errors.js'
import type { Origin } from '../lineage-of-bundle.js'

export interface LicenceWish {
  /** Of the weights, as the user says; absent: of weights that were pulled or imported, their own. */
  readonly licence?: string | undefined
  /** Why it is another one than the parent's. */
  readonly relicense?: string | undefined
}

/** Of the weights. `relicensed` is the reason, where they are under another licence than those that they began with. */
export interface WeightsLicence {
  readonly weights: string
  readonly relicensed: string | null
}

/**
 * A licence, and the parent's unless somebody says why not. Whether one licence allows another is for lawyers: both are named,
 * and the reason.
 * @throws MNAS_ZOO_LICENCE_MISSING, MNAS_ZOO_LICENCE, MNAS_ZOO_RELICENSE
 */
export function requireLicence(model: string, { licence, relicense }: LicenceWish, origin: Origin | null): WeightsLicence {
  if (licence !== undefined) requireSpdx('--licence', licence)
  const parents = origin?.licence ?? null
  const weights = licence ?? (origin?.itself ? parents : null)
  if (weights === null) throw publishErrors.MNAS_ZOO_LICENCE_MISSING({ model })
  if (parents === null || weights === parents) return { weights, relicensed: null }
  if (relicense?.trim()) return { weights, relicensed: relicense.trim() }
  throw publishErrors.MNAS_ZOO_RELICENSE({ model, parent: origin!.name, expected: parents, received: weights })
}

/** @throws MNAS_ZOO_LICENCE */
export function requireSpdx(flag: string, received: string): void {
  if (!isLicence(received)) throw publishErrors.MNAS_ZOO_LICENCE({ flag, received })
}

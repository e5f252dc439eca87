import { askedErrors } from '../asked-errors.js'
import type { TrialLease } from '../run/records.js'

export type NamedLease = Pick<TrialLease, 'trial' | 'attempt'>

/** How a lease is called: `17-2` is the second that trial 17 has. */
export const leaseId = ({ trial, attempt }: NamedLease): string => `${trial}-${attempt}`

/** Null: it is no name of a lease. */
export function leaseNamed(text: string): NamedLease | null {
  const { trial, attempt } = /^(?<trial>[1-9]\d{0,14})-(?<attempt>[1-9]\d{0,14})$/.exec(text)?.groups ?? {}
  return trial === undefined || attempt === undefined ? null : { trial: Number(trial), attempt: Number(attempt) }
}

/** @throws MNAS_SEARCH_LEASE */
export function parseLeaseId(text: string): NamedLease {
  const named = leaseNamed(text)
  if (named) return named
  throw askedErrors.MNAS_SEARCH_LEASE({ lease: `"${text}"`, received: 'what is no name of a lease, such as 17-1' })
}

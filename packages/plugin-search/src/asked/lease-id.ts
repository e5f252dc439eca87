import { askedErrors } from '../asked-errors.js'
import type { TrialLease } from '../run/records.js'

/** How a lease is called: `17-2` is the second that trial 17 has. */
export const leaseId = ({ trial, attempt }: Pick<TrialLease, 'trial' | 'attempt'>): string => `${trial}-${attempt}`

/** @throws MNAS_SEARCH_LEASE */
export function parseLeaseId(text: string): Pick<TrialLease, 'trial' | 'attempt'> {
  const { trial, attempt } = /^(?<trial>[1-9]\d{0,14})-(?<attempt>[1-9]\d{0,14})$/.exec(text)?.groups ?? {}
  if (trial !== undefined && attempt !== undefined) return { trial: Number(trial), attempt: Number(attempt) }
  throw askedErrors.MNAS_SEARCH_LEASE({ lease: `"${text}"`, received: 'what is no name of a lease, such as 17-1' })
}

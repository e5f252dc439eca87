import type { Hash } from '@mnas/core/contracts'

/** What people see of a candidate's hash: 48 bits tell a run's candidates apart. */
export function candidateId(candidate: Hash): string {
  return candidate.slice(0, 12)
}

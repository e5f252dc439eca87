import type { LeaseAnswer } from '../answers/parts/lease.js'
import type { TrialLease } from '../run/records.js'
import { leaseId } from './lease-id.js'

export function describeLease(lease: TrialLease): LeaseAnswer {
  const { attempt, worker, untilMs } = lease
  return { id: leaseId(lease), attempt, worker, until: new Date(untilMs).toISOString() }
}

import { askedErrors } from '../asked-errors.js'
import type { RunReader, TrialLease } from '../run/records.js'
import { leaseId, leaseNamed } from './lease-id.js'

/** Whoever tells what came of a trial, by the lease under which it was trained. */
export interface Teller {
  /** The last lease of the trial; null: nobody has it at the moment. */
  readonly last: TrialLease | null
  /** Whether it is that of whoever tells; of somebody who names none it is taken to be. */
  readonly hasLast: boolean
  /** The lease was over, or may have been: another may have been given the trial. */
  readonly late: boolean
}

/**
 * @param said the lease that is named; undefined: none is
 * @throws MNAS_SEARCH_TOLD_LEASE when the trial never had it
 */
export function tellerOf(store: RunReader, trial: number, said: string | undefined, nowMs: number): Teller {
  const last = store.lease(trial)
  if (said === undefined) {
    // Each rung that was told of was given away once at least: more than that, and it may be another's.
    const late = last !== null && (last.untilMs <= nowMs || last.attempt > 1 + store.estimates(trial).length)
    return { last, hasLast: true, late }
  }
  const expected = 'a lease of that trial, as "mnas search ask" gave it'
  const refuse = (received: string) => askedErrors.MNAS_SEARCH_TOLD_LEASE({ trial, lease: said, expected, received })
  const named = leaseNamed(said)
  if (!named) throw refuse('what is no name of a lease, such as 17-1')
  if (named.trial !== trial) throw refuse(`one of trial ${named.trial}`)
  if (last && named.attempt > last.attempt) throw refuse('one that was never given')
  const hasLast = named.attempt === last?.attempt
  return { last, hasLast, late: last !== null && (!hasLast || last.untilMs <= nowMs) }
}

/** Only who has a trial may end it without a result. @throws MNAS_SEARCH_TOLD_LEASE */
export function requireLast({ last, hasLast }: Teller, trial: number, said: string): void {
  if (hasLast) return
  const expected = last
    ? `the last lease of that trial, which is ${leaseId(last)} ("${last.worker}")`
    : 'a lease of a trial that somebody has'
  const received = last ? 'one that is over' : 'one of a trial that waits for its next rung'
  throw askedErrors.MNAS_SEARCH_TOLD_LEASE({ trial, lease: said, expected, received })
}

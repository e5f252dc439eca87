import { askedErrors } from '../asked-errors.js'
import type { TrialLease } from '../run/records.js'
import { openRun } from '../run/run-folder.js'
import { visitRun } from '../run/visit-run.js'
import { parseAskedRun } from './asked-settings.js'
import { leaseId, parseLeaseId } from './lease-id.js'

/**
 * Puts off the end of a lease, also of one that is over as long as nobody else was given its trial.
 * @param lease as `leaseId` calls it
 * @throws MNAS_SEARCH_LEASE, MNAS_SEARCH_TRAINS, and what opening a run throws
 */
export async function renewLease(folder: string, lease: string, untilMs: number): Promise<TrialLease> {
  const { run, store: read } = await openRun(folder)
  read.close()
  parseAskedRun(folder, run, 'mnas search renew')
  const { trial, attempt } = parseLeaseId(lease)
  return visitRun(folder, async (store) => {
    const refuse = (received: string) => askedErrors.MNAS_SEARCH_LEASE({ lease, received })
    const known = store.trial(trial)
    if (!known) throw refuse('that of a trial that there is not')
    if (known.outcome) throw refuse(`that of a trial that has ended: ${known.outcome.status}`)
    if (store.boardEntry(trial)?.state === 'paused') throw refuse('that of a trial that was told of, and waits for its next rung')
    const last = store.lease(trial)
    if (!last || attempt > last.attempt) throw refuse('one that was never given')
    if (attempt < last.attempt) throw refuse(`one that was over: "${last.worker}" has it as ${leaseId(last)}`)
    const renewed = { ...last, untilMs }
    store.setLease(renewed)
    return renewed
  })
}

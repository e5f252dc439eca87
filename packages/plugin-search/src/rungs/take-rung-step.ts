import type { BoardEntry, Hash, RungStep, Strategy } from '@mnas/core/contracts'
import { searchErrors } from '../errors.js'
import type { TrialRecord } from '../run/records.js'
import type { Proposing, Started } from '../start/search.js'
import { reportEvent } from '../trials/progress/report-event.js'
import { recordOutcome } from '../trials/record-outcome.js'
import { toldOf } from '../trials/time-trial.js'

/** What became of a paused trial. */
export interface RungMove {
  readonly trial: TrialRecord
  /** Whether it is to be trained now; else it has ended. */
  readonly goesOn: boolean
  /** Weights of one that has ended: nobody needs them. */
  readonly weights: Hash | null
}

/**
 * Records that a paused trial goes on, or that it ends where it is.
 * @param counted trials that count so far
 * @throws MNAS_SEARCH_RUNG_POLICY when it is not paused
 */
export async function takeRungStep(
  search: Started<Proposing>,
  strategy: Strategy,
  board: readonly BoardEntry[],
  step: Exclude<RungStep, string>,
  counted: number,
): Promise<RungMove> {
  const { store } = search
  const id = 'promote' in step ? step.promote : step.stop
  const entry = board.find(({ trial }) => trial === id)
  if (entry?.state !== 'paused') {
    const policy = search.rungs?.policy.name ?? ''
    throw searchErrors.MNAS_SEARCH_RUNG_POLICY({ policy, trial: id, received: entry?.state ?? 'unknown' })
  }
  const trial = store.trial(id)!
  if ('promote' in step) {
    const event = { kind: 'promoted', trial: id, rung: entry.estimates.length } as const
    store.transaction(() => {
      store.promoteTrial(id)
      store.addEvent(event)
    })
    reportEvent(search, event)
    return { trial, goesOn: true, weights: null }
  }
  const { rung, estimate, weights } = store.estimates(id).at(-1)!
  const outcome = { ...toldOf(trial), status: 'stopped', rung, estimate } as const
  reportEvent(search, await recordOutcome(search, strategy, trial, outcome, counted))
  return { trial, goesOn: false, weights }
}

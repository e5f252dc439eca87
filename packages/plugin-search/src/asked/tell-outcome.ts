import type { Headline, Metrics, TrialOutcome } from '@mnas/core/contracts'
import { toErrorRecord } from '@mnas/core/errors'
import { hashJson } from '@mnas/core/files'
import { formatMetric } from '@mnas/core/text'
import type { TrialCounts } from '../answers/trial-counts.js'
import { askedErrors } from '../asked-errors.js'
import { resultsWriter } from '../results/write-results.js'
import { allTrials, countedTrials } from '../run/counted-trials.js'
import type { RunReader, TrialRecord } from '../run/records.js'
import type { Proposing, Started } from '../start/search.js'
import type { Surroundings } from '../start/search-request.js'
import { openStrategy } from '../trials/open-strategy.js'
import { recordOutcome } from '../trials/record-outcome.js'
import { reportEvent } from '../trials/report-event.js'
import { toldOf } from '../trials/time-trial.js'
import { withAskedRun } from './open-asked-run.js'
import { parseTold } from './parse-told.js'
import { startAsked } from './start-asked.js'
import { visiting } from './visiting.js'

/** What came of a trial, as somebody says it. */
export type Tale =
  /** `top1=.71`, each. */
  | { readonly kind: 'metrics'; readonly pairs: readonly string[] }
  /** It will fail again: the network is not proposed any more. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** Whoever had it is gone: it is given to another. */
  | { readonly kind: 'lost' }

export interface ToldOutcome {
  readonly trial: TrialRecord
  /** The same was told before: nothing was written. */
  readonly known: boolean
  /** Its lease was over. */
  readonly late: boolean
  /** The trial of the best candidate; null: none is trained. */
  readonly best: TrialRecord | null
  readonly counts: TrialCounts
  readonly headline: Headline
}

/**
 * Records what came of a trial, tells the strategy, and brings the run's files up to date. Whoever tells first is heard, late or
 * not; the same told again is no error, so that a tale whose answer was lost can be told again.
 * @param now milliseconds since 1970
 * @throws MNAS_SEARCH_TRIAL, MNAS_SEARCH_TOLD, MNAS_SEARCH_METRIC, MNAS_SEARCH_UNFINISHED
 */
export function tellOutcome(
  folder: string,
  trial: number,
  tale: Tale,
  around: Surroundings,
  now: () => number = Date.now,
): Promise<ToldOutcome> {
  return withAskedRun(folder, 'mnas search tell', async (run) => {
    const { headline, training } = run.settings
    const metrics = tale.kind === 'metrics' ? parseTold(tale.pairs, headline) : null
    // Before anything is made ready: what is wrong with it now will be so then.
    givenTrial(run.read, trial)
    const search = await startAsked(run, around)
    around.reporter.stage('telling', `trial ${trial}`)
    return visiting(search, async (here) => {
      const { store } = here
      const record = givenTrial(store, trial)
      const outcome = metrics ? completed(here, record, metrics, training) : ended(record, tale)
      const lease = store.lease(trial)
      if (record.outcome) requireSame(here, record.outcome, outcome)
      else if (outcome) await tellStrategy(here, record, outcome)
      else if (lease) store.setLease({ ...lease, untilMs: 0 })
      // Also behind what was told before: whoever told it may have been killed before this.
      await resultsWriter(here).update()
      const late = lease !== null && lease.untilMs <= now()
      return {
        trial: store.trial(trial)!,
        known: record.outcome !== null,
        late,
        best: store.best(),
        counts: store.counts(),
        headline,
      }
    })
  })
}

/** A trial that was given to somebody. @throws MNAS_SEARCH_TRIAL */
function givenTrial(store: RunReader, id: number): TrialRecord {
  const expected = 'a trial that was given away'
  const trial = store.trial(id)
  const refuse = (received: string) => askedErrors.MNAS_SEARCH_TRIAL({ trial: id, expected, received })
  if (!trial) throw refuse(`a number that is not among the ${allTrials(store.counts())} trials of the run`)
  if (trial.outcome?.status === 'infeasible') throw refuse('one whose network is too slow or too large, which nobody was given')
  if (trial.facts.latency.source !== 'measured')
    throw refuse(trial.outcome ? 'one whose network could not be timed' : 'one that is still being timed')
  if (!trial.outcome && !store.lease(id)) throw refuse('one that nobody was given yet')
  return trial
}

function completed({ objective }: Started<Proposing>, record: TrialRecord, metrics: Metrics, foreign: string): TrialOutcome {
  const measured = { facts: record.facts, metrics }
  const estimate = { metrics, fidelity: { foreign } }
  const [values, reward] = [objective.values(measured), objective.reward(measured)]
  return { ...toldOf(record), status: 'completed', estimate, values, reward }
}

/** @returns null: it goes on */
function ended(record: TrialRecord, tale: Tale): TrialOutcome | null {
  if (tale.kind !== 'failed') return null
  const error = toErrorRecord(askedErrors.MNAS_SEARCH_TRIAL_FAILED({ reason: tale.reason }))
  return { ...toldOf(record), status: 'failed', error }
}

/** @throws MNAS_SEARCH_TOLD */
function requireSame({ headline }: Started<Proposing>, known: TrialOutcome, told: TrialOutcome | null): void {
  if (told && hashJson(essence(known)) === hashJson(essence(told))) return
  const inWords = (outcome: TrialOutcome | null) => {
    if (outcome === null) return 'that it was lost'
    if (outcome.status !== 'completed') return outcome.status
    return `${headline.name} ${formatMetric(headline, outcome.estimate.metrics[headline.name] ?? 0)}`
  }
  throw askedErrors.MNAS_SEARCH_TOLD({ trial: known.trial, known: inWords(known), received: inWords(told) })
}

const essence = (outcome: TrialOutcome) => ({
  status: outcome.status,
  metrics: outcome.status === 'completed' ? outcome.estimate.metrics : null,
  error: outcome.status === 'failed' ? outcome.error.message : null,
})

async function tellStrategy(search: Started<Proposing>, record: TrialRecord, outcome: TrialOutcome): Promise<void> {
  const { store } = search
  const strategy = await openStrategy(search)
  reportEvent(search, await recordOutcome(search, strategy, record, outcome, 1 + countedTrials(store.counts())))
}

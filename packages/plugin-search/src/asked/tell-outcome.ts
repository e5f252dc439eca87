import type { Estimate, Headline, Metrics, TrialOutcome } from '@mnas/core/contracts'
import { toErrorRecord } from '@mnas/core/errors'
import { hashJson } from '@mnas/core/files'
import { formatMetric } from '@mnas/core/text'
import type { TrialCounts } from '../answers/parts/trial-counts.js'
import { askedErrors } from '../asked-errors.js'
import { resultsWriter } from '../results/write-results.js'
import { allTrials, countedTrials } from '../run/counted-trials.js'
import type { RunReader, TrialRecord } from '../run/records.js'
import { recordPause } from '../rungs/record-pause.js'
import { rungInWords } from '../rungs/rungs.js'
import type { Proposing, Started } from '../start/search.js'
import type { Surroundings } from '../start/search-request.js'
import { openStrategy } from '../trials/open-strategy.js'
import { reportEvent } from '../trials/progress/report-event.js'
import { recordOutcome } from '../trials/record-outcome.js'
import { toldOf } from '../trials/time-trial.js'
import { withAskedRun } from './open-asked-run.js'
import { parseTold } from './parse-told.js'
import { startAsked } from './start-asked.js'
import { visiting } from './visiting.js'

/** What came of a trial, as somebody says it. */
export type Tale =
  /** `top1=.71`, each. */
  | { readonly kind: 'metrics'; readonly pairs: readonly string[] /** From 1. */; readonly rung?: number }
  /** It will fail again: the network is not proposed any more. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** Whoever had it is gone: it is given to another. */
  | { readonly kind: 'lost' }

export interface ToldOutcome {
  readonly trial: TrialRecord
  /** Of the last training that was told; null: none was. */
  readonly estimate: Estimate | null
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
      const rung = tale.kind === 'metrics' ? requireRung(here, trial, tale.rung) : null
      const outcome = metrics ? trained(here, record, metrics, training, rung) : ended(record, tale)
      const lease = store.lease(trial)
      const before = knownAt(here, record, rung)
      if (before) requireSame(here, before, outcome)
      else if (outcome) await tellStrategy(here, record, outcome)
      else if (lease) store.setLease({ ...lease, untilMs: 0 })
      // Also behind what was told before: whoever told it may have been killed before this.
      await resultsWriter(here).update()
      const late = lease !== null && lease.untilMs <= now()
      return {
        trial: store.trial(trial)!,
        estimate: store.estimates(trial).at(-1)?.estimate ?? null,
        known: before !== null,
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
  if (!trial.outcome && !store.lease(id) && store.estimates(id).length === 0) throw refuse('one that nobody was given yet')
  return trial
}

/** @returns the rung that is told of, from 0; null: there are none. @throws MNAS_SEARCH_RUNG */
function requireRung({ rungs, store }: Started<Proposing>, trial: number, told: number | undefined): number | null {
  const refuse = (expected: string) =>
    askedErrors.MNAS_SEARCH_RUNG({ trial, expected, received: told === undefined ? 'none' : `--rung ${told}` })
  if (!rungs) {
    if (told === undefined) return null
    throw refuse('none, since the run has no rungs')
  }
  // One that was told of may be told again, one that was not given may not.
  const done = store.estimates(trial).length
  const next = store.boardEntry(trial)?.state === 'running' ? done + 1 : done
  if (told !== undefined && told <= next) return told - 1
  throw refuse(`--rung ${next}`)
}

/** What was told of it there; null: nothing. */
function knownAt({ store }: Started<Proposing>, record: TrialRecord, rung: number | null): TrialOutcome | null {
  const known = rung === null ? undefined : store.estimates(record.id)[rung]
  if (known && record.outcome?.status !== 'completed') return { ...toldOf(record), status: 'paused', ...known }
  if (known && known.rung < store.estimates(record.id).length - 1) return { ...toldOf(record), status: 'paused', ...known }
  return record.outcome
}

function trained(
  { objective, rungs }: Started<Proposing>,
  record: TrialRecord,
  metrics: Metrics,
  training: string,
  rung: number | null,
): TrialOutcome {
  const measured = { facts: record.facts, metrics }
  const [values, reward] = [objective.values(measured), objective.reward(measured)]
  if (!rungs || rung === null)
    return { ...toldOf(record), status: 'completed', estimate: { metrics, fidelity: { foreign: training } }, values, reward }
  const estimate = { metrics, fidelity: { foreign: rungInWords(training, rung) } }
  if (rung < rungs.count - 1) return { ...toldOf(record), status: 'paused', rung, estimate, values }
  return { ...toldOf(record), status: 'completed', rung, estimate, values, reward }
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
    if (outcome.status !== 'completed' && outcome.status !== 'paused') return outcome.status
    return `${headline.name} ${formatMetric(headline, outcome.estimate.metrics[headline.name] ?? 0)}`
  }
  throw askedErrors.MNAS_SEARCH_TOLD({ trial: known.trial, known: inWords(known), received: inWords(told) })
}

const essence = (outcome: TrialOutcome) => ({
  status: outcome.status,
  metrics: outcome.status === 'completed' || outcome.status === 'paused' ? outcome.estimate.metrics : null,
  error: outcome.status === 'failed' ? outcome.error.message : null,
})

async function tellStrategy(search: Started<Proposing>, record: TrialRecord, outcome: TrialOutcome): Promise<void> {
  const { store } = search
  const strategy = await openStrategy(search)
  // Whoever trains it keeps the weights.
  if (outcome.status === 'paused') reportEvent(search, await recordPause(search, strategy, record, outcome, null))
  else {
    // A paused trial counts already.
    const counted = countedTrials(store.counts()) + (store.boardEntry(record.id)?.state === 'paused' ? 0 : 1)
    reportEvent(search, await recordOutcome(search, strategy, record, outcome, counted))
  }
}

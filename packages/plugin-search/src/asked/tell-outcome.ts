import type { Headline, Metrics, TrialOutcome } from '@mnas/core/contracts'
import { type MnasErrorRecord, toErrorRecord } from '@mnas/core/errors'
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
import { requireLast, tellerOf } from './teller.js'
import { visiting } from './visiting.js'

/** What came of a trial, as somebody says it. */
export type Tale = {
  /** Under which it was trained, as `leaseId` calls it; absent: nobody says. */
  readonly lease?: string
} & (
  | {
      readonly kind: 'metrics'
      /** `top1=.71`, each. */
      readonly pairs: readonly string[]
      /** From 1. */
      readonly rung?: number
    }
  /** It will fail again: the network is not proposed any more. `rung`: at which it failed; absent: at the one it was given for. */
  | { readonly kind: 'failed'; readonly reason: string; readonly rung?: number }
  /** Whoever had it is gone: it is given to another. */
  | { readonly kind: 'lost' }
)

/** How somebody else can say that a training ended. */
type SaidOutcome =
  | Extract<TrialOutcome, { readonly status: 'completed' | 'paused' }>
  | (Extract<TrialOutcome, { readonly error: MnasErrorRecord }> & { readonly status: 'failed' })

export interface ToldOutcome {
  readonly trial: TrialRecord
  /** As it was told, now or before; null: it was lost. */
  readonly outcome: SaidOutcome | null
  /** The same was told before: nothing was written. */
  readonly known: boolean
  /** Its lease was over, or may have been. */
  readonly late: boolean
  /** The trial of the best candidate; null: none is trained. */
  readonly best: TrialRecord | null
  readonly counts: TrialCounts
  readonly headline: Headline
}

/**
 * Records what came of a trial, tells the strategy, and brings the run's files up to date. Whoever tells first is heard, late or
 * not; the same told again is no error, so that a tale whose answer was lost can be told again. Who names a lease that is over ends
 * no trial without a result, and gives none back: that is another's by now.
 * @param now milliseconds since 1970
 * @throws MNAS_SEARCH_TRIAL, MNAS_SEARCH_TOLD, MNAS_SEARCH_TOLD_LEASE, MNAS_SEARCH_RUNG, MNAS_SEARCH_METRIC, MNAS_SEARCH_UNFINISHED
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
      const rung = requireRung(here, record, tale)
      const outcome = metrics ? trained(here, record, metrics, training, rung) : ended(record, tale)
      const before = knownAt(here, record, rung)
      const late = before ? false : await hear(here, record, outcome, tale.lease, now())
      if (before) requireSame(here, before, outcome)
      // Also behind what was told before: whoever told it may have been killed before this.
      await resultsWriter(here).update()
      return {
        trial: store.trial(trial)!,
        outcome,
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

/** @returns the rung that is told of, from 0; null: there are none, or none is said. @throws MNAS_SEARCH_RUNG */
function requireRung({ rungs, store }: Started<Proposing>, { id: trial, outcome }: TrialRecord, tale: Tale): number | null {
  const told = tale.kind === 'lost' ? undefined : tale.rung
  if (told === undefined && (!rungs || tale.kind !== 'metrics')) return null
  const refuse = (expected: string) =>
    askedErrors.MNAS_SEARCH_RUNG({ trial, expected, received: told === undefined ? 'none' : `--rung ${told}` })
  if (!rungs) throw refuse('none, since the run has no rungs')
  // One that was told of may be told again, one that was not given may not.
  const done = store.estimates(trial).length
  // Where it ended without a result, something was told of the next one, too.
  const isOpen = outcome ? outcome.status !== 'completed' : store.boardEntry(trial)?.state === 'running'
  const next = isOpen ? done + 1 : done
  if (told !== undefined && told <= next) return told - 1
  throw refuse(`--rung ${next}`)
}

/** What nobody has told before. @returns whether it is late. @throws MNAS_SEARCH_TOLD_LEASE */
async function hear(
  here: Started<Proposing>,
  record: TrialRecord,
  outcome: SaidOutcome | null,
  lease: string | undefined,
  nowMs: number,
): Promise<boolean> {
  const { store } = here
  const teller = tellerOf(store, record.id, lease, nowMs)
  if (outcome?.status === 'failed' && lease !== undefined) requireLast(teller, record.id, lease)
  if (outcome) await tellStrategy(here, record, outcome)
  else if (teller.last && teller.hasLast) store.setLease({ ...teller.last, untilMs: 0 })
  return teller.late
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
): SaidOutcome {
  const measured = { facts: record.facts, metrics }
  const [values, reward] = [objective.values(measured), objective.reward(measured)]
  if (!rungs || rung === null)
    return { ...toldOf(record), status: 'completed', estimate: { metrics, fidelity: { foreign: training } }, values, reward }
  const estimate = { metrics, fidelity: { foreign: rungInWords(training, rung) } }
  if (rung < rungs.count - 1) return { ...toldOf(record), status: 'paused', rung, estimate, values }
  return { ...toldOf(record), status: 'completed', rung, estimate, values, reward }
}

/** @returns null: it goes on */
function ended(record: TrialRecord, tale: Tale): SaidOutcome | null {
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

async function tellStrategy(search: Started<Proposing>, record: TrialRecord, outcome: SaidOutcome): Promise<void> {
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

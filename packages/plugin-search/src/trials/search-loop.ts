import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Strategy, TrialOutcome } from '@mnas/core/contracts'
import { searchErrors } from '../errors.js'
import { runHistory } from '../run/run-history.js'
import { type Candidate, resultsOf } from '../run/search-results.js'
import { countedTrials, type TrialCounts } from '../run/trial-counts.js'
import { resultsWriter } from '../run/write-results.js'
import type { Search, StartedSearch } from '../start/search.js'
import { startSearch } from '../start/start-search.js'
import { askTrials } from './ask-trials.js'
import { recordOutcome, tellAgain } from './record-outcome.js'
import { reportEvent } from './report-event.js'
import { runTrial } from './run-trial.js'
import { jobRunner } from './train-candidate.js'

/** Why a search ended: its trials, its time, or nothing left that is new and fast enough. */
export type EndReason = 'trials' | 'time' | 'exhausted'

export interface SearchResult {
  readonly reason: EndReason
  readonly width: number
  readonly targetMs: number
  readonly counts: TrialCounts
  readonly best: Candidate
  readonly front: readonly Candidate[]
}

/**
 * Searches until the budget is spent, or goes on where the run was left: every step is recorded before the next begins, the strategy's state
 * together with what it asked or was told. One trial at a time.
 * @throws MNAS_SEARCH_TARGET_UNREACHABLE, MNAS_SEARCH_NOTHING_FOUND, MNAS_SEARCH_TIME_OVER, MNAS_SEARCH_ALL_FAILED, and the signal's reason
 */
export async function searchLoop(search: Search): Promise<SearchResult> {
  const started = await startSearch(search)
  const { reporter, width, targetMs } = started
  reporter.stage('search', `width ${width}, target ${targetMs.toFixed(2)} ms`)
  const strategy = await openStrategy(started)
  const reason = await runTrials(started, strategy)
  return resultOf(started, reason)
}

/** The strategy as the run left it, told of everything that has ended. */
async function openStrategy(search: StartedSearch): Promise<Strategy> {
  const { strategies, store, space, objective, metric, goal, facts } = search
  const strategy = strategies.create({
    space,
    objective,
    metric,
    seed: goal.seed,
    ...(goal.trials === undefined ? {} : { trials: goal.trials }),
    history: runHistory(store, space),
    facts: (genome) => facts.of(genome),
  })
  const state = store.state()
  if (state) strategy.restore(state)
  for (const { trial, proposal } of store.openRepeats()) await tellAgain(search, strategy, store.trial(trial)!, proposal)
  return strategy
}

/** What is counted while trials run, so that no trial reads those before it. */
interface Progress {
  /** Trials that count. */
  counted: number
  /** Candidates behind the last one that was worth training. */
  fruitless: number
  /** Proposals in a row that were known already. */
  known: number
}

async function runTrials(search: StartedSearch, strategy: Strategy): Promise<EndReason> {
  const { store, signal } = search
  const results = resultsWriter(store, search.metric)
  const jobs = jobRunner(search.executor, signal)
  const progress: Progress = { counted: countedTrials(store.counts()), fruitless: store.fruitless(), known: 0 }
  const waiting = [...store.pending()]
  await results.update()
  while (true) {
    // Thinking alone never lets a signal in.
    await nextTurn()
    signal.throwIfAborted()
    const trial = waiting.shift()
    if (!trial) {
      const reason = endReason(search, progress)
      if (reason) return reason
      const asked = await askTrials(search, strategy, 1, progress.counted)
      if (asked.exhausted) return 'exhausted'
      waiting.push(...asked.trials)
      progress.fruitless += asked.rejected
      progress.known = asked.trials.length + asked.rejected > 0 ? 0 : progress.known + asked.known
      continue
    }
    const outcome = await runTrial(search, jobs, trial)
    note(progress, outcome)
    reportEvent(search, await recordOutcome(search, strategy, trial, outcome, progress.counted))
    if (outcome.status === 'completed') await results.update()
  }
}

function note(progress: Progress, { status }: TrialOutcome): void {
  if (status === 'infeasible') progress.fruitless++
  else {
    progress.counted++
    progress.fruitless = 0
  }
}

function endReason({ goal, store }: StartedSearch, { counted, fruitless, known }: Progress): EndReason | null {
  if (Math.max(fruitless, known) >= goal.patience) return 'exhausted'
  if (goal.trials !== undefined && counted >= goal.trials) return 'trials'
  if (goal.timeMs !== undefined && store.activeMs() >= goal.timeMs) return 'time'
  return null
}

function resultOf(search: StartedSearch, reason: EndReason): SearchResult {
  const { store, metric, width, targetMs } = search
  const counts = store.counts()
  const { best, front } = resultsOf(store, metric)
  if (!best) throw emptyHanded(search, reason, counts)
  return { reason, width, targetMs, counts, best, front }
}

function emptyHanded({ store, targetMs, goal }: StartedSearch, reason: EndReason, counts: TrialCounts): Error {
  const last = store.lastFailure()
  if (last && 'error' in last)
    return searchErrors.MNAS_SEARCH_ALL_FAILED({ trials: countedTrials(counts), last: last.error.message })
  const { rejected } = counts
  if (reason === 'time') return searchErrors.MNAS_SEARCH_TIME_OVER({ seconds: (goal.timeMs ?? 0) / 1000, rejected })
  const limited = Object.values(goal.limits).some((limit) => limit !== undefined)
  return searchErrors.MNAS_SEARCH_NOTHING_FOUND({ rejected, targetMs, fastestMs: store.fastestMs() ?? 0, limited })
}

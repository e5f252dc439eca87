import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Strategy, TrialOutcome } from '@mnas/core/contracts'
import { resultsWriter } from '../results/write-results.js'
import { countedTrials } from '../run/counted-trials.js'
import type { TrialRecord } from '../run/records.js'
import { recordPause } from '../rungs/record-pause.js'
import { type RungBoard, rungBoard } from '../rungs/rung-board.js'
import { takeRungStep } from '../rungs/take-rung-step.js'
import type { StartedSearch } from '../start/search.js'
import { liveStatus } from '../watch/live-status.js'
import { askTrials } from './ask-trials.js'
import { type Pace, paceFrom } from './budget/pace.js'
import { planBudget } from './budget/plan-budget.js'
import { progressBoard } from './progress/progress-board.js'
import { reportEvent } from './progress/report-event.js'
import { recordOutcome } from './record-outcome.js'
import { runTrial, type TrialEnd } from './run-trial.js'

/** Why a search ended: its trials, its time, or nothing left that is new and fast enough. */
export type EndReason = 'trials' | 'time' | 'exhausted'

/** A trial that is over, or the failure for which the whole search has to stop. */
type Ended = ({ readonly trial: TrialRecord } & TrialEnd) | { readonly trial: TrialRecord; readonly failure: unknown }

/** What is counted while trials run, so that none reads those before it. */
interface Progress {
  /** Trials that count: what `--trials` bounds. */
  counted: number
  /** Candidates behind the last one that was worth training. */
  fruitless: number
  /** Proposals in a row that were known already. */
  known: number
  /** The strategy had nothing more to propose, and was told of nothing since. */
  exhausted: boolean
  readonly pace: Pace
}

/**
 * Runs trials, as many at once as the executor takes, until the budget is spent: a pump that starts what waits, asks for as
 * many as there are free workers, and records what ends. Strategy and run are used by nobody else, one step at a time; only
 * measuring and training overlap.
 * @throws the signal's reason, or the first failure that belongs to no trial, once all that runs has stopped
 */
export async function runTrials(search: StartedSearch, strategy: Strategy): Promise<EndReason> {
  const stop = new AbortController()
  const running = new Map<number, Promise<Ended>>()
  const inner = { ...search, signal: AbortSignal.any([search.signal, stop.signal]) }
  try {
    return await pump(inner, strategy, running)
  } catch (error) {
    stop.abort(error)
    await Promise.all(running.values())
    throw error
  }
}

async function pump(search: StartedSearch, strategy: Strategy, running: Map<number, Promise<Ended>>): Promise<EndReason> {
  const { store, signal, executor } = search
  const results = resultsWriter(search)
  const status = liveStatus(search)
  const board = progressBoard(search.reporter, status.board)
  const rungs = search.rungs ? rungBoard(store) : null
  const counted = countedTrials(store.counts())
  const pace = paceFrom(search, counted)
  const progress = { counted, fruitless: store.fruitless(), known: 0, exhausted: false, pace }
  planBudget(search, strategy, pace, counted)
  // What an interrupted search had not ended comes first.
  const waiting = [...store.pending()]
  await results.update()
  while (true) {
    // Thinking alone never lets a signal in.
    await nextTurn()
    signal.throwIfAborted()
    while (running.size < executor.capacity && waiting.length > 0) {
      const trial = waiting.shift()!
      running.set(trial.id, ending(search, trial, board.of(trial.id)))
    }
    if (waiting.length === 0) {
      const next = await nextTrials(search, strategy, rungs, progress, running.size)
      waiting.push(...(next ?? []))
      if (next) continue
    }
    if (running.size === 0) return endReason(search, progress) ?? 'exhausted'
    const ended = await Promise.race(running.values())
    running.delete(ended.trial.id)
    board.done(ended.trial.id)
    if ('failure' in ended) throw ended.failure
    note(progress, ended.outcome)
    reportEvent(search, await record(search, strategy, ended, progress.counted))
    rungs?.changed(ended.trial.id)
    status.changed()
    if (ended.outcome.status === 'completed') planBudget(search, strategy, pace, progress.counted)
    for (const blob of ended.blobs) await executor.blobs.delete(blob)
    if (ended.outcome.status === 'completed') await results.update()
  }
}

/** Never rejects: it may end while nobody looks. */
async function ending(search: StartedSearch, trial: TrialRecord, board: Parameters<typeof runTrial>[2]): Promise<Ended> {
  try {
    return { trial, ...(await runTrial(search, trial, board)) }
  } catch (failure) {
    return { trial, failure }
  }
}

/** @param counted trials that count, this one among them where it does */
function record(search: StartedSearch, strategy: Strategy, ended: { readonly trial: TrialRecord } & TrialEnd, counted: number) {
  const { trial, outcome } = ended
  if (outcome.status !== 'paused') return recordOutcome(search, strategy, trial, outcome, counted)
  return recordPause(search, strategy, trial, outcome, 'weights' in ended ? ended.weights : null)
}

/** What is to run next; null: nothing, before something that runs has ended. */
async function nextTrials(
  search: StartedSearch,
  strategy: Strategy,
  board: RungBoard | null,
  progress: Progress,
  running: number,
): Promise<readonly TrialRecord[] | null> {
  const free = freeWorkers(search, progress, running)
  if (!board || !search.rungs) return free > 0 ? ask(search, strategy, free, progress) : null
  if (running >= search.executor.capacity || isTimeOver(search, progress)) return null
  const step = search.rungs.policy.next(board.entries(), search.wanted, free > 0)
  if (step === 'wait') return null
  if (step === 'ask') {
    const asked = free > 0 ? await ask(search, strategy, 1, progress) : null
    for (const { id } of asked ?? []) board.changed(id)
    return asked
  }
  const { trial, goesOn, weights } = await takeRungStep(search, strategy, board.entries(), step, progress.counted)
  board.changed(trial.id)
  if (weights !== null) await search.executor.blobs.delete(weights)
  // Until it has trained there it runs, and is counted as that.
  if (goesOn) progress.counted--
  return goesOn ? [trial] : []
}

/** Whoever has nothing at the top when the time is over brings his best there all the same. */
const isTimeOver = (search: StartedSearch, progress: Progress): boolean =>
  endReason(search, progress) === 'time' && search.store.best() !== null

/** How many candidates to ask for now. */
function freeWorkers(search: StartedSearch, progress: Progress, running: number): number {
  if (progress.exhausted || endReason(search, progress)) return 0
  const { goal, executor } = search
  const left = goal.trials === undefined ? Number.POSITIVE_INFINITY : goal.trials - progress.counted - running
  return Math.min(executor.capacity - running, left)
}

async function ask(search: StartedSearch, strategy: Strategy, n: number, progress: Progress): Promise<readonly TrialRecord[]> {
  const { trials, exhausted, rejected, known } = await askTrials(search, strategy, n, progress.counted)
  progress.exhausted = exhausted
  progress.fruitless += rejected
  progress.known = trials.length + rejected > 0 ? 0 : progress.known + known
  return trials
}

function note(progress: Progress, { status }: TrialOutcome): void {
  progress.exhausted = false
  if (status === 'infeasible') progress.fruitless++
  else {
    progress.counted++
    progress.fruitless = 0
  }
}

function endReason({ goal, store }: StartedSearch, { counted, fruitless, known, pace }: Progress): EndReason | null {
  if (Math.max(fruitless, known) >= goal.patience) return 'exhausted'
  if (goal.trials !== undefined && counted >= goal.trials) return 'trials'
  if (goal.timeMs !== undefined && store.activeMs() + pace.reserved(counted) >= goal.timeMs) return 'time'
  return null
}

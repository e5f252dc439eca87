import type { Strategy } from '@mnas/core/contracts'
import { isUntimed, timeTransferred } from '../earlier/time-transferred.js'
import type { CompletedTrial, SecondTraining, TrialRecord } from '../run/records.js'
import type { SearchEvent } from '../run/search-event.js'
import type { StartedSearch } from '../start/search.js'
import { type ProgressBoard, progressBoard } from '../trials/progress/progress-board.js'
import { reportEvent } from '../trials/progress/report-event.js'
import { trainAgain } from './train-again.js'

/**
 * Trains the best few again before one of them is called the winner: the first of many is often the luckiest. The strategy's best,
 * by what it believes; of a strategy that believes nothing, those with the highest rewards. What a run has done of it is not done
 * again. The strategy hears nothing of it. A front has no winner: whoever takes a network of it has a target of his own.
 */
export async function chooseWinner(search: StartedSearch, strategy: Strategy): Promise<void> {
  const { goal, wanted, store, reporter } = search
  const trials = await finalistsBy(search, strategy)
  if (wanted.kind === 'front' || goal.retrainTop < 2 || trials.length < 2) return
  const ids = trials.map(({ id }) => id)
  if (String(store.finalists().map(({ trial }) => trial)) !== String(ids)) store.setFinalists(ids)
  const trained = new Set(store.finalists().flatMap(({ trial, again }) => (again ? [trial] : [])))
  const open = trials.filter(({ id }) => !trained.has(id))
  if (open.length === 0) return
  reporter.stage('winner', `the best ${trials.length} are trained again`)
  await trainAll(search, open)
}

/** What another run has trained is timed here first; who is too slow then, or cannot be timed, is none. */
async function finalistsBy(search: StartedSearch, strategy: Strategy): Promise<readonly CompletedTrial[]> {
  const { store, goal, objective } = search
  const untimable = new Set<number>()
  while (true) {
    const wanted = Math.max(1, goal.retrainTop) + untimable.size
    const believed = strategy.recommend?.(wanted).map((genome) => store.trialOf(genome))
    const trials = (believed ?? store.bestOf(wanted)).filter(isTrained).filter(({ id }) => !untimable.has(id))
    const untimed = trials.find(isUntimed)
    if (!untimed) return trials.slice(0, goal.retrainTop)
    await timeTransferred(search, untimed)
    const after = store.trial(untimed.id)!
    if (after.facts.latency.source !== 'measured' || !objective.worthTraining(after.facts)) untimable.add(untimed.id)
  }
}

const isTrained = (trial: TrialRecord | null): trial is CompletedTrial => trial?.outcome?.status === 'completed'

/** As many at once as the executor takes; what fails for no network's sake stops all. */
async function trainAll(search: StartedSearch, trials: readonly CompletedTrial[]): Promise<void> {
  const stop = new AbortController()
  const inner = { ...search, signal: AbortSignal.any([search.signal, stop.signal]) }
  const board = progressBoard(search.reporter)
  const waiting = [...trials]
  const work = async (): Promise<void> => {
    for (let trial = waiting.shift(); trial; trial = waiting.shift()) await trainOne(inner, trial, board)
  }
  const workers = Array.from({ length: Math.min(search.executor.capacity, trials.length) }, async () => {
    await work().catch((failure: unknown) => {
      stop.abort(failure)
      throw failure
    })
  })
  await Promise.allSettled(workers)
  await Promise.all(workers)
}

async function trainOne(search: StartedSearch, trial: CompletedTrial, board: ProgressBoard): Promise<void> {
  const { store, executor, signal } = search
  signal.throwIfAborted()
  const { again, blobs } = await trainAgain(search, trial, board.of(trial.id))
  board.done(trial.id)
  const event = trainedAgainEvent(search, trial, again)
  store.transaction(() => {
    store.setAgain(trial.id, again)
    store.addEvent(event)
  })
  reportEvent(search, event)
  for (const blob of blobs) await executor.blobs.delete(blob)
}

function trainedAgainEvent({ headline }: StartedSearch, { id, candidate }: CompletedTrial, again: SecondTraining): SearchEvent {
  const known = { kind: 'trained-again', trial: id, candidate } as const
  if (again.error) return { ...known, metric: null, reward: null, error: again.error.message }
  const { metrics, quantized } = again.estimate
  const metric = { name: headline.name, value: metrics[headline.name] ?? 0 }
  return { ...known, metric, ...(quantized && { quantized }), reward: again.reward, error: null }
}

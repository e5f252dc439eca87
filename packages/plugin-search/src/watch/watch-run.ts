import type { Reporter } from '@mnas/core/events'
import { isLeased } from '@mnas/core/storage'
import { contextOf } from '../results/describe-run.js'
import type { ResultContext } from '../results/search-results.js'
import { pages } from '../run/pages.js'
import type { RunReader, SessionBudget } from '../run/records.js'
import { openRun } from '../run/run-folder.js'
import { describeEvent } from '../trials/progress/describe-event.js'
import { describeStatus, type SearchStatus, searchStatus } from './search-status.js'

/** How a run came to rest. stopped: its search has ended or was interrupted; killed: without having said so. */
export type WatchEnd = 'stopped' | 'killed'

export interface Watched extends ResultContext, SearchStatus {
  readonly end: WatchEnd
}

export interface WatchOptions {
  readonly reporter: Reporter
  readonly signal: AbortSignal
  /** Waits until it is time to look again. @throws the signal's reason */
  pause(): Promise<void>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A search that was killed is noticed after so many looks without news. */
const looksUntilAsked = 10

/**
 * Tells how a run gets on, what has happened from now on and how far it is, until nobody works on it any more. Reads the run alone, and
 * keeps nobody from writing it.
 * @throws MNAS_RUN_MISSING, MNAS_RUN_CORRUPT, MNAS_RUN_VERSION, the signal's reason
 */
export async function watchRun(folder: string, options: WatchOptions): Promise<Watched> {
  const { run, store } = await openRun(folder)
  try {
    const context = contextOf(folder, run, store)
    options.reporter.stage('watching', folder)
    const end = await follow(store, context, options)
    return { ...context, ...searchStatus(store, context, budgetOf(store)), end }
  } finally {
    store.close()
  }
}

async function follow(store: RunReader, context: ResultContext, options: WatchOptions): Promise<WatchEnd> {
  const { signal, pause } = options
  let seen = store.lastEvent()
  let quiet = 0
  while (true) {
    signal.throwIfAborted()
    // Before what has happened is read: nothing is recorded behind the end.
    const end = endOf(store, options.now(), quiet)
    const last = tellEvents(store, context, seen, options)
    quiet = last > seen ? 0 : quiet + 1
    seen = last
    tellStatus(store, context, options)
    if (end) return end
    await pause()
  }
}

function endOf(store: RunReader, nowMs: number, quiet: number): WatchEnd | null {
  const session = store.session()
  if (!session) return null
  // Between two calls of `search ask` and `tell` nobody writes, and others train.
  if (session.closed) return store.leases().some(({ untilMs }) => untilMs > nowMs) ? null : 'stopped'
  return quiet % looksUntilAsked === 1 && !isLeased(store.folder) ? 'killed' : null
}

/** @returns the last event there is */
function tellEvents(store: RunReader, context: ResultContext, after: number, { reporter }: WatchOptions): number {
  const { trials } = budgetOf(store)
  let last = after
  for (const page of pages(
    (from) => store.events({ after: Math.max(from, after) }),
    ({ id }) => id,
  ))
    for (const event of page) {
      last = event.id
      const line = describeEvent(event, { ...context, trials: trials ?? undefined })
      if (line?.kind === 'warning') reporter.warn(line.text, event)
      else if (line) reporter.note(line.text, event)
    }
  return last
}

function tellStatus(store: RunReader, context: ResultContext, { reporter, now }: WatchOptions): void {
  const session = store.session()
  const sinceMs = session && !session.closed ? Math.max(0, now() - session.lastMs) : 0
  const budget = budgetOf(store)
  const status = searchStatus(store, context, budget, sinceMs)
  const rest = describeStatus(status, context.headline)
  const pace = { perSecond: undefined, remainingSeconds: status.remainingSeconds ?? undefined }
  const { counted } = status
  if (budget.trials === null && budget.timeMs !== null) {
    const [done, total] = [status.activeSeconds, budget.timeMs / 1000].map(Math.round) as [number, number]
    reporter.progress({ done: Math.min(done, total), total, unit: 's', note: [`${counted} trials`, ...rest].join(' · '), pace })
  } else {
    const total = Math.max(counted, budget.trials ?? 0)
    reporter.progress({ done: counted, total, unit: 'trials', note: rest.join(' · '), pace })
  }
}

function budgetOf(store: RunReader): SessionBudget {
  const { trials = null, timeMs = null } = store.session() ?? {}
  return { trials, timeMs }
}

import type { Strategy } from '@mnas/core/contracts'
import type { StartedSearch } from '../../start/search.js'
import { reportEvent } from '../progress/report-event.js'
import type { Pace } from './pace.js'

/** So many trained networks say how long one takes. */
const trainedBefore = 3

/**
 * Tells the strategy, once, how many trials the time will do: after the third network was trained. A clock decides it, so it is
 * recorded, in one transaction with the state that the strategy has come to: a resumed search goes on with the same number.
 * @param counted trials that count so far
 */
export function planBudget(search: StartedSearch, strategy: Strategy, pace: Pace, counted: number): void {
  const { goal, store } = search
  if (goal.trials !== undefined || goal.timeMs === undefined || counted < trainedBefore) return
  if (store.counts().completed !== trainedBefore || isPlanned(search)) return
  const perTrial = pace.perTrial(counted) ?? 0
  const leftMs = goal.timeMs - pace.reserved(counted) - store.activeMs()
  const trials = counted + Math.max(0, Math.floor(leftMs / Math.max(1, perTrial)))
  const event = { kind: 'budget', trial: null, trials } as const
  store.transaction(() => {
    strategy.plan?.(trials)
    store.addEvent(event)
    store.setState(strategy.state())
  })
  reportEvent(search, event)
}

/** Behind three trained networks there are few events yet. */
function isPlanned({ store }: StartedSearch): boolean {
  for (let after = 0; ; ) {
    const page = store.events({ after })
    if (page.some(({ kind }) => kind === 'budget')) return true
    const last = page.at(-1)
    if (!last) return false
    after = last.id
  }
}

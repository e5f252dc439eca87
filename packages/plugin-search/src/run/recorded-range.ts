import type { LatencyRange } from '../hypervolume.js'
import { pages } from './pages.js'
import type { RunReader } from './records.js'

/** Between which latencies a run searches the front; null: it searches one network, or has not come so far. */
export function recordedRange(store: RunReader): LatencyRange | null {
  for (const page of pages(
    (after) => store.events({ after }),
    ({ id }) => id,
  ))
    for (const event of page) {
      if (event.kind === 'range') return [event.leastMs, event.mostMs]
      // It is recorded before the first trial.
      if (event.kind === 'asked') return null
    }
  return null
}

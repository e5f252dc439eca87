import type { StartedSearch } from '../start/search.js'
import type { BoardStatus } from '../trials/progress/progress-board.js'
import { describeStatus, type SearchStatus, searchStatus } from './search-status.js'

/** How far a search is, for its own progress line: read when a trial has ended, not at every step. */
export function liveStatus({ store, headline, postProcessing, goal }: StartedSearch) {
  const { trials = null, timeMs = null } = goal
  const read = () => searchStatus(store, { headline, postProcessing }, { trials, timeMs })
  let status: SearchStatus = read()
  return {
    board(): BoardStatus {
      const { counted, remainingSeconds } = status
      const count = `${trials === null ? counted : `${counted}/${trials}`} trials`
      return { text: [count, ...describeStatus(status, headline)].join(' · '), remainingSeconds }
    },
    changed(): void {
      status = read()
    },
  }
}

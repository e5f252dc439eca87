import type { BoardEntry } from '@mnas/core/contracts'
import type { RunReader } from '../run/records.js'

/** What a run's policy decides by, read whole once and then trial by trial. */
export interface RungBoard {
  /** In the order of the trials. */
  entries(): readonly BoardEntry[]
  /** Something was recorded of that trial. */
  changed(trial: number): void
}

export function rungBoard(store: RunReader): RungBoard {
  // A new trial has the highest number, and a known one keeps its place.
  const entries = new Map(store.board().map((entry) => [entry.trial, entry]))
  return {
    entries: () => [...entries.values()],
    changed(trial) {
      const entry = store.boardEntry(trial)
      if (entry) entries.set(trial, entry)
      else entries.delete(trial)
    },
  }
}

import { visitRun } from '../run/visit-run.js'
import type { Proposing, Started } from '../start/search.js'

/** A step of a search as its run's only writer. Others may have written to it since the last. @throws as visitRun */
export function visiting<T>(search: Started<Proposing>, work: (here: Started<Proposing>) => Promise<T>): Promise<T> {
  return visitRun(search.store.folder, async (store) => {
    search.facts.forget()
    return work({ ...search, store })
  })
}

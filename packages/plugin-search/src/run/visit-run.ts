import { waitForLease } from '@mnas/core/storage'
import type { RunReader, RunStore } from './records.js'
import { openWriter } from './run-writer.js'

/** Visits are short: who waits longer than this waits for a search. */
const waitMs = 30_000

/**
 * Work on a run that has no process of its own: as its writer, for as long as the work takes.
 * @throws MNAS_RUN_LOCKED when another holds the lease for half a minute, MNAS_RUN_CORRUPT, MNAS_RUN_VERSION
 */
export async function visitRun<T>(folder: string, work: (store: RunStore) => Promise<T>): Promise<T> {
  const store = openVisit(folder)
  try {
    return await work(store)
  } finally {
    store.close()
  }
}

/**
 * A run between visits: it reads at any time, and each of its writes, or each of its transactions, is a visit. What is read in a
 * transaction is what the transaction has written.
 */
export function visitingStore(read: RunReader): RunStore {
  let visited: RunStore | null = null
  const write = <T>(work: (store: RunStore) => T): T => {
    if (visited) return work(visited)
    const store = openVisit(read.folder)
    visited = store
    try {
      return work(store)
    } finally {
      visited = null
      store.close()
    }
  }
  return {
    ...readsOf(read, () => visited ?? read),
    transaction: (work, sync) => write((store) => store.transaction(work, sync)),
    addEvent: (event) => write((store) => store.addEvent(event)),
    setBudget: (budget) => write((store) => store.setBudget(budget)),
    addTrial: (trial) => write((store) => store.addTrial(trial)),
    setArchitecture: (trial, architecture) => write((store) => store.setArchitecture(trial, architecture)),
    setFacts: (trial, facts) => write((store) => store.setFacts(trial, facts)),
    setLease: (lease) => write((store) => store.setLease(lease)),
    endTrial: (outcome, axes) => write((store) => store.endTrial(outcome, axes)),
    pauseTrial: (outcome, weights) => write((store) => store.pauseTrial(outcome, weights)),
    promoteTrial: (trial) => write((store) => store.promoteTrial(trial)),
    setFinalists: (trials) => write((store) => store.setFinalists(trials)),
    setAgain: (trial, again) => write((store) => store.setAgain(trial, again)),
    endTransferred: (outcome, axes) => write((store) => store.endTransferred(outcome, axes)),
    addRepeat: (trial, proposal) => write((store) => store.addRepeat(trial, proposal)),
    addTold: (...told) => write((store) => store.addTold(...told)),
    addMeasurement: (record) => write((store) => store.addMeasurement(record)),
    addFile: (record) => write((store) => store.addFile(record)),
    setState: (state) => write((store) => store.setState(state)),
    discard: () => write((store) => store.discard()),
  }
}

function openVisit(folder: string): RunStore {
  const lease = waitForLease(folder, waitMs)
  try {
    return openWriter(folder, lease, 'visit')
  } catch (error) {
    lease.release()
    throw error
  }
}

/** What reads a run, of whichever reader serves at the time of each call. */
function readsOf(read: RunReader, now: () => RunReader): RunReader {
  const methods = Object.entries(read).filter(([, value]) => typeof value === 'function')
  const forwarded = methods.map(([name]) => {
    const forward = (...args: readonly unknown[]) =>
      (now() as unknown as Record<string, (...all: unknown[]) => unknown>)[name]!(...args)
    return [name, forward] as const
  })
  return { ...read, ...Object.fromEntries(forwarded) }
}

import type { History, SearchSpace, TrialOutcome } from '@mnas/core/contracts'
import type { RunReader } from './records.js'

const mostAtOnce = 1000
const growth = 8

/** What a run holds, as its strategy sees it. */
export function runHistory(store: RunReader, space: SearchSpace): History {
  return {
    get length() {
      return store.toldCount()
    },
    *outcomes(from = 0): Iterable<TrialOutcome> {
      // Who wants one outcome takes the first and goes.
      let limit = 1
      const read = (after: number) => store.told({ after, limit })
      for (let after = from, page = read(after); page.length > 0; page = read(after)) {
        yield* page
        after += page.length
        limit = Math.min(mostAtOnce, growth * limit)
      }
    },
    outcomeOf: (genome) => store.trialOf(space.canonical(genome))?.outcome ?? null,
    asked: (genome) => store.trialOf(space.canonical(genome)) !== null,
  }
}

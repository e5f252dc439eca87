import type { History, SearchSpace, TrialOutcome } from '@mnas/core/contracts'
import type { RunReader } from './records.js'

/** What a run holds, as its strategy sees it. */
export function runHistory(store: RunReader, space: SearchSpace): History {
  return {
    get length() {
      return store.toldCount()
    },
    *outcomes(from = 0): Iterable<TrialOutcome> {
      for (let after = from, page = store.told({ after }); page.length > 0; page = store.told({ after })) {
        yield* page
        after += page.length
      }
    },
    outcomeOf: (genome) => store.trialOf(space.canonical(genome))?.outcome ?? null,
    asked: (genome) => store.trialOf(space.canonical(genome)) !== null,
  }
}

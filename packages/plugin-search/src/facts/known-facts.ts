import type { Facts, Genome, SearchSpace } from '@mnas/core/contracts'
import { keyOf } from '../genome-key.js'
import type { LatencyAccuracy } from '../latency/latency-accuracy.js'
import { pages } from '../run/pages.js'
import type { RunReader, TrialRecord } from '../run/records.js'
import type { RunEstimates } from './run-estimates.js'

/** What was learned of a network by timing it. */
export type Timed = Pick<Facts, 'latency' | 'sizeBytes'>

/** The best that the run knows of a genome: measured, else quickly run, else estimated. Depends on the run store alone. */
export interface KnownFacts {
  /** Of any genome; some microseconds, but for the first call, which reads what the run has timed. */
  of(genome: Genome): Facts
  /** Of any genome before the first trial, whatever was timed since. @param genome canonical */
  estimated(genome: Genome): Facts
  /** Of a genome that has no trial yet: nothing needs to be read. @param genome canonical */
  ofUntried(genome: Genome): Facts
  /** A trial's network was timed, and the run has recorded it. */
  learn(trial: Pick<TrialRecord, 'id' | 'genome'>, timed: Timed): void
  /** How well the estimates of now foretell what they have not seen. */
  accuracy(): LatencyAccuracy
  /** Others may have timed something since: what the run has is read again when it is next needed. */
  forget(): void
}

/** @param calibrated networks of the space that were timed before the first trial, by keyOf their canonical genome */
export function knownFacts(
  store: RunReader,
  space: SearchSpace,
  estimates: RunEstimates,
  calibrated: ReadonlyMap<string, Timed>,
): KnownFacts {
  let timed: Map<string, Timed> | null = null
  return {
    of(genome) {
      const canonical = space.canonical(genome)
      timed ??= new Map([...calibrated, ...timedTrials(store)])
      return { ...estimates.newest(canonical), ...timed.get(keyOf(canonical)) }
    },
    estimated: (genome) => estimates.atStart(genome),
    ofUntried: (genome) => ({ ...estimates.newest(genome), ...calibrated.get(keyOf(genome)) }),
    learn({ id: trial, genome }, { latency, sizeBytes }) {
      const key = keyOf(genome)
      timed?.set(key, { latency, sizeBytes })
      estimates.learn({ trial, genome: key, latency, sizeBytes })
    },
    accuracy: () => estimates.accuracy(),
    forget() {
      timed = null
      estimates.forget()
    },
  }
}

function* timedTrials(store: RunReader): Generator<readonly [string, Timed]> {
  for (const page of pages(
    (after) => store.timedTrials({ after }),
    ({ trial }) => trial,
  ))
    for (const { genome, latency, sizeBytes } of page) yield [genome, { latency, sizeBytes }]
}

import type { Genome } from '@mnas/core/contracts'
import { genomeOfKey } from '../genome-key.js'
import type { LatencySample } from '../latency/fit-latency.js'
import type { LatencyAccuracy } from '../latency/latency-accuracy.js'
import { type FittedLatencyModel, fitLatencyModel } from '../latency/operator-latency-model.js'
import type { RunReader, TimedTrial } from '../run/records.js'
import type { EstimateOf, WorkOf } from './estimated.js'
import type { SizeModel } from './size-model.js'

/**
 * Estimates of a run's networks by a latency model that learns on: it is fitted to what was measured in full before the first
 * trial and to every trial that was since. So it follows from the run store alone, and a resumed run fits the same, bit for bit.
 */
export interface RunEstimates {
  /** By what was measured before the first trial: the same throughout the run. */
  readonly atStart: EstimateOf
  /** By all that was measured. */
  readonly newest: EstimateOf
  /** Of the newest fit. */
  accuracy(): LatencyAccuracy
  /** A trial was timed: what follows is by another fit. */
  learn(trial: TimedTrial): void
  /** Others may have measured something: what the run has is read again when it is next needed. */
  forget(): void
}

/** Beyond so many the earliest trials are left out: fitting anew would cost more than it teaches. */
export const mostSamples = 300

/**
 * @param calibration what was measured before the first trial
 * @param sizes null: nothing is said of sizes
 * @param calibrated keyOf the genomes among it: such a trial brings no measurement of its own
 */
export function runEstimates(
  store: RunReader,
  work: WorkOf,
  calibration: readonly LatencySample[],
  calibrated: { has(genome: string): boolean },
  sizes: SizeModel | null,
): RunEstimates {
  const first = fitLatencyModel(calibration)
  const measured = measuredTrials(store, work, calibrated, mostSamples - calibration.length)
  let fitted: FittedLatencyModel | null = null
  const newest = (): FittedLatencyModel => {
    fitted ??= fitLatencyModel([...calibration, ...measured.samples()])
    return fitted
  }
  const estimate = ({ additive }: FittedLatencyModel, genome: Genome) => {
    const { costs, features, sizeFeatures } = work(genome)
    return { costs, latency: additive.predictSum(features), sizeBytes: sizes ? sizes.predictSum(sizeFeatures) : null }
  }
  return {
    atStart: (genome) => estimate(first, genome),
    newest: (genome) => estimate(newest(), genome),
    accuracy: () => newest().accuracy,
    learn(trial) {
      if (trial.latency.source !== 'measured') return
      measured.add(trial)
      fitted = null
    },
    forget() {
      measured.forget()
      fitted = null
    },
  }
}

interface MeasuredTrial extends LatencySample {
  readonly trial: number
  readonly genome: string
}

/** The latest `count` trials that were measured, in their order, whichever ended first. */
function measuredTrials(store: RunReader, work: WorkOf, calibrated: { has(genome: string): boolean }, count: number) {
  const learned = ({ trial, genome, latency }: TimedTrial): MeasuredTrial => {
    const { features } = work(genomeOfKey(genome))
    return { trial, genome, features, latencyMs: latency.latencyMs }
  }
  let known: readonly MeasuredTrial[] | null = null
  return {
    samples(): readonly LatencySample[] {
      known ??= store.latestMeasured(count).map(learned)
      return known.filter(({ genome }) => !calibrated.has(genome))
    },
    add(timed: TimedTrial): void {
      known = known && [...known, learned(timed)].sort((a, b) => a.trial - b.trial).slice(-count)
    },
    forget(): void {
      known = null
    },
  }
}

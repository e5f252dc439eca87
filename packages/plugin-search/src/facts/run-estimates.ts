import type { Genome } from '@mnas/core/contracts'
import { genomeOfKey } from '../genome-key.js'
import type { LatencySample } from '../latency/fit-latency.js'
import type { LatencyAccuracy } from '../latency/latency-accuracy.js'
import { type FittedLatencyModel, fitLatencyModel } from '../latency/operator-latency-model.js'
import type { RunReader } from '../run/records.js'
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
  /** A trial was measured: what follows is by another fit. */
  refit(): void
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
  let fitted: FittedLatencyModel | null = null
  const newest = (): FittedLatencyModel => {
    fitted ??= fitLatencyModel([...calibration, ...measuredTrials(store, work, calibrated, mostSamples - calibration.length)])
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
    refit() {
      fitted = null
    },
  }
}

/** In the order of the trials. */
function measuredTrials(
  store: RunReader,
  work: WorkOf,
  calibrated: { has(genome: string): boolean },
  count: number,
): readonly LatencySample[] {
  return store
    .latestMeasured(count)
    .filter(({ genome }) => !calibrated.has(genome))
    .map(({ genome, latency }) => ({ features: work(genomeOfKey(genome)).features, latencyMs: latency.latencyMs }))
}

import type { ObjectiveFactory } from '@mnas/core/contracts'
import { accuracyAndLatency, optimisticMs } from './objective.js'

/** Latencies up to this multiple of the target are trained: a little beyond it can still win. */
const trainedUpTo = 1.2
const beta = -0.1

/** ACC + β · |LAT / T − 1| (TuNAS, Bender et al. 2020, §3.2): pulls towards the target from both sides. */
export const absoluteObjective: ObjectiveFactory = {
  name: 'absolute',
  needsTarget: true,
  create: ({ targetMs, metric }) =>
    accuracyAndLatency('absolute', metric, {
      reward: (accuracy, latencyMs) => accuracy + beta * Math.abs(latencyMs / targetMs - 1),
      worthTraining: (facts) => optimisticMs(facts) <= trainedUpTo * targetMs,
    }),
}
export default absoluteObjective

import type { ObjectiveFactory } from '@mnas/core/contracts'
import { accuracyOf, optimisticMs } from './objective.js'

/** Latencies up to this multiple of the target are trained: a little beyond it can still win. */
const trainedUpTo = 1.2
const beta = -0.1

/** ACC + β · |LAT / T − 1| (TuNAS, Bender et al. 2020, §3.2): pulls towards the target from both sides. */
export const absoluteObjective: ObjectiveFactory = {
  name: 'absolute',
  create: ({ targetMs, metric }) => ({
    name: 'absolute',
    reward: (metrics, facts) => accuracyOf(metrics, metric) + beta * Math.abs(facts.latency.latencyMs / targetMs - 1),
    worthTraining: (facts) => optimisticMs(facts) <= trainedUpTo * targetMs,
  }),
}
export default absoluteObjective

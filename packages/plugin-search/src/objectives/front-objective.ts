import type { ObjectiveFactory } from '@mnas/core/contracts'
import { accuracyAndLatency, optimisticMs, weightedProduct } from './objective.js'

/** The front between two latencies. At each target a network is worth its accuracy within that budget, as with `hard`. */
export const frontObjective: ObjectiveFactory = {
  name: 'front',
  goal: 'front',
  needsTarget: false,
  create: ({ targetMs, metric }) =>
    accuracyAndLatency('front', metric, {
      reward: (accuracy, latencyMs) => weightedProduct(accuracy, latencyMs, targetMs, 0, -1),
      worthTraining: (facts) => optimisticMs(facts) <= targetMs,
    }),
}
export default frontObjective

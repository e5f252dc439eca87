import type { ObjectiveFactory } from '@mnas/core/contracts'
import { accuracyAndLatency, optimisticMs, weightedProduct } from './objective.js'

/** A budget: below the target only accuracy counts (α = 0, β = −1; Tan et al. 2019, §3), and only what may meet it is trained. */
export const hardObjective: ObjectiveFactory = {
  name: 'hard',
  needsTarget: true,
  create: ({ targetMs, metric }) =>
    accuracyAndLatency('hard', metric, {
      reward: (accuracy, latencyMs) => weightedProduct(accuracy, latencyMs, targetMs, 0, -1),
      worthTraining: (facts) => optimisticMs(facts) <= targetMs,
    }),
}
export default hardObjective

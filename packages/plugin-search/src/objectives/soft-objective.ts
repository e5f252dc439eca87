import type { ObjectiveFactory } from '@mnas/core/contracts'
import { accuracyAndLatency, weightedProduct } from './objective.js'

/**
 * The paper's trade-off (α = β = −0.07): twice the latency must buy about 5 % more accuracy. The target is a constant factor
 * T^0.07 and cannot move the optimum; use it to sample a front.
 */
export const softObjective: ObjectiveFactory = {
  name: 'soft',
  needsTarget: false,
  create: ({ targetMs, metric }) =>
    accuracyAndLatency('soft', metric, {
      reward: (accuracy, latencyMs) => weightedProduct(accuracy, latencyMs, targetMs, -0.07, -0.07),
      worthTraining: () => true,
    }),
}
export default softObjective

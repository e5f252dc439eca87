import type { ObjectiveFactory } from '@mnas/core/contracts'
import { accuracyOf, optimisticMs, weightedProduct } from './objective.js'

/** A budget: below the target only accuracy counts (α = 0, β = −1; Tan et al. 2019, §3), and only what may meet it is trained. */
export const hardObjective: ObjectiveFactory = {
  name: 'hard',
  create: ({ targetMs, metric }) => ({
    name: 'hard',
    reward: (metrics, facts) => weightedProduct(accuracyOf(metrics, metric), facts.latency.latencyMs, targetMs, 0, -1),
    worthTraining: (facts) => optimisticMs(facts) <= targetMs,
  }),
}
export default hardObjective

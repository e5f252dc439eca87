import { optimizerSlots } from '@mnas/core/graph'
import type { UpdateRule } from './update-rule.js'

/**
 * Gradient descent with momentum.
 *
 *   v ← μ·v + g       w ← w − lr·v
 */
export function sgd({ momentum }: { readonly momentum: number }): UpdateRule {
  return {
    slots: optimizerSlots.sgd,
    update({ g, weights, gradient, slots, learningRate }) {
      const velocity = g.add(g.multiply(slots[0]!, momentum), gradient)
      return { weights: g.subtract(weights, g.multiply(learningRate, velocity)), slots: [velocity] }
    },
  }
}

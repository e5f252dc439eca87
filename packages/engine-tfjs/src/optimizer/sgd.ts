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
    update({ tf, weights, gradient, slots, learningRate }) {
      const velocity = tf.add(tf.mul(slots[0]!, momentum), gradient)
      return { weights: tf.sub(weights, tf.mul(velocity, learningRate)), slots: [velocity] }
    },
  }
}

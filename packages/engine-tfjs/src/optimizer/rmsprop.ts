import { optimizerSlots } from '@mnas/core/graph'
import type { UpdateRule } from './update-rule.js'

/**
 * RMSProp as TensorFlow 1 does it, with which MnasNet was trained: the mean square starts at 1, ε stands inside the root and the learning rate
 * inside the momentum buffer.
 *
 *   s ← ρ·s + (1 − ρ)·g²       m ← μ·m + lr·g/√(s + ε)       w ← w − m
 */
export function rmsprop(options: { readonly decay: number; readonly momentum: number; readonly epsilon: number }): UpdateRule {
  const { decay, momentum, epsilon } = options
  return {
    slots: optimizerSlots.rmsprop,
    update({ tf, weights, gradient, slots, learningRate }) {
      const meanSquare = tf.add(tf.mul(slots[1]!, decay), tf.mul(tf.square(gradient), 1 - decay))
      const root = tf.sqrt(tf.add(meanSquare, epsilon))
      const change = tf.add(tf.mul(slots[0]!, momentum), tf.div(tf.mul(gradient, learningRate), root))
      return { weights: tf.sub(weights, change), slots: [change, meanSquare] }
    },
  }
}

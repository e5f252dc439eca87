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
    update({ g, weights, gradient, slots, learningRate }) {
      const meanSquare = g.add(g.multiply(slots[1]!, decay), g.multiply(g.multiply(gradient, gradient), 1 - decay))
      const root = g.squareRoot(g.add(meanSquare, epsilon))
      const change = g.add(g.multiply(slots[0]!, momentum), g.divide(g.multiply(learningRate, gradient), root))
      return { weights: g.subtract(weights, change), slots: [change, meanSquare] }
    },
  }
}

import type { UpdateRule } from './update-rule.js'

/**
 * RMSProp as TensorFlow 1 does it, with which MnasNet was trained: the mean square starts at 1, ε stands inside the root and the
 * learning rate inside the momentum buffer.
 *
 *   s ← ρ·s + (1 − ρ)·g²       m ← μ·m + lr·g/√(s + ε)       w ← w − m
 */
export function rmsprop(options: { readonly decay: number; readonly momentum: number; readonly epsilon: number }): UpdateRule {
  const { decay, momentum, epsilon } = options
  return {
    slots: [
      { name: 'momentum', initial: 0 },
      { name: 'meanSquare', initial: 1 },
    ],
    update(of, { weights, gradient, slots, learningRate }) {
      const meanSquare = of.add(of.multiply(slots[1]!, decay), of.multiply(of.multiply(gradient, gradient), 1 - decay))
      const root = of.squareRoot(of.add(meanSquare, epsilon))
      const change = of.add(of.multiply(slots[0]!, momentum), of.divide(of.multiply(learningRate, gradient), root))
      return { weights: of.subtract(weights, change), slots: [change, meanSquare] }
    },
  }
}

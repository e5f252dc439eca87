import type { UpdateRule } from './update-rule.js'

/**
 * Gradient descent with momentum.
 *
 *   v ← μ·v + g       w ← w − lr·v
 */
export function sgd({ momentum }: { readonly momentum: number }): UpdateRule {
  return {
    slots: [{ name: 'momentum', initial: 0 }],
    update(of, { weights, gradient, slots, learningRate }) {
      const velocity = of.add(of.multiply(slots[0]!, momentum), gradient)
      return { weights: of.subtract(weights, of.multiply(learningRate, velocity)), slots: [velocity] }
    },
  }
}

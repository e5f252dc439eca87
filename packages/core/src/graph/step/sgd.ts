import type { UpdateRule } from './update-rule.js'

/**
 * Gradient descent with momentum, plain or Nesterov's as PyTorch has it (Sutskever et al. 2013).
 *
 *   v ← μ·v + g       w ← w − lr·v          nesterov:  w ← w − lr·(μ·v + g)
 */
export function sgd({ momentum, nesterov = false }: { readonly momentum: number; readonly nesterov?: boolean }): UpdateRule {
  return {
    slots: [{ name: 'momentum', initial: 0 }],
    update(of, { weights, gradient, slots, learningRate }) {
      const velocity = of.add(of.multiply(slots[0]!, momentum), gradient)
      const change = nesterov ? of.add(of.multiply(velocity, momentum), gradient) : velocity
      return { weights: of.subtract(weights, of.multiply(learningRate, change)), slots: [velocity] }
    },
  }
}

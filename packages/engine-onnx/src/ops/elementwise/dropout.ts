import { defineOperator } from '../operator.js'
import { inLayout, plainValue } from '../value.js'

/**
 * Dropout (Srivastava et al. 2014), scaled in training. The mask (0 or 1/(1 − rate)) comes in as a tensor, so that no state hides in the graph.
 *
 *   training: y = x·mask, dx = dy·mask       inference: y = x
 */
export const dropout = defineOperator('dropout', {
  forward({ g, inputs, mode, mask }) {
    const x = inputs[0]!
    const tensor = mode === 'training' ? mask() : null
    if (!tensor) return { output: x, saved: null }
    const factors = inLayout(g, plainValue(tensor), x.layout)
    return { output: { tensor: g.multiply(x.tensor, factors), layout: x.layout }, saved: factors }
  },
  gradient({ g, saved: factors, inputs, outputGradient }) {
    if (!factors) return [outputGradient]
    const { layout } = inputs[0]!
    return [{ tensor: g.multiply(inLayout(g, outputGradient, layout), factors), layout }]
  },
})

import { defineOperator } from '../operator.js'
import { inLayout, unbroadcast } from '../value.js'
import { alignInputs } from './binary.js'

/**
 * y = a where mask ≠ 0, else b; da = dy where mask ≠ 0, db = dy elsewhere; the mask has no gradient.
 */
export const select = defineOperator('select', {
  forward({ g, inputs }) {
    const { layout, tensors } = alignInputs(g, inputs)
    const mask = g.toBoolean(tensors[0]!)
    return { output: { tensor: g.where(mask, tensors[1]!, tensors[2]!), layout }, saved: { mask, layout } }
  },
  gradient({ g, inputs, needed, saved: { mask, layout }, outputGradient }) {
    const dy = inLayout(g, outputGradient, layout)
    const zero = g.scalar(0)
    return [
      null,
      needed[1] ? unbroadcast(g, g.where(mask, dy, zero), layout, inputs[1]!) : null,
      needed[2] ? unbroadcast(g, g.where(mask, zero, dy), layout, inputs[2]!) : null,
    ]
  },
})

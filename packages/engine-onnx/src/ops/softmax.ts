import { defineOperator } from './operator.js'
import { plain, plainValue } from './value.js'

/**
 * Softmax over the last axis, the largest value taken out first.
 *
 *   y = eˣ / Σeˣ       dx = y·(dy − Σ y·dy)
 */
export const softmax = defineOperator('softmax', {
  forward({ g, inputs }) {
    return { output: plainValue(g.softmax('Softmax', plain(g, inputs[0]!))), saved: null }
  },
  gradient({ g, output, outputGradient }) {
    const y = plain(g, output)
    const dy = plain(g, outputGradient)
    const total = g.sum(g.multiply(y, dy), [y.shape.length - 1])
    return [plainValue(g.multiply(y, g.subtract(dy, total)))]
  },
})

/**
 * The logarithm of softmax over the last axis.
 *
 *   y = x − ln Σeˣ       dx = dy − eʸ·Σ dy
 */
export const logSoftmax = defineOperator('logSoftmax', {
  forward({ g, inputs }) {
    return { output: plainValue(g.softmax('LogSoftmax', plain(g, inputs[0]!))), saved: null }
  },
  gradient({ g, output, outputGradient }) {
    const y = plain(g, output)
    const dy = plain(g, outputGradient)
    return [plainValue(g.subtract(dy, g.multiply(g.exp(y), g.sum(dy, [y.shape.length - 1]))))]
  },
})

import { int, string } from '../../onnx/tensor.js'
import { softplusOf } from '../../ops/elementwise/unary.js'
import { plain, plainValue } from '../../ops/value.js'
import type { Composite } from '../composite.js'

export interface OwnEntropyNodes {
  readonly scores: string
  readonly classes: string
  readonly output: string
  /** Everything between inputs and output. */
  readonly inner: readonly string[]
}

const columnAxis = { axis: int(2) }

/**
 * Sigmoid cross-entropy of rows of which one column may be a class's own: softplus → reduceSum, less the sum of what a select leaves of
 * the scores where the column's number is the class. As nodes that is a dozen passes over maps as wide as x; the own column alone is
 * one value of each row.
 *
 *   y = Σ ln(1 + eˣ) − x[c]       dx = dy·σ(x), and at c less dy
 *
 * Where c is no column's number nothing is taken off. Shapes: x [N, A, C]; c [N, A, 1]; y [N, A].
 */
export function ownEntropy({ scores, classes, output, inner }: OwnEntropyNodes): Composite {
  return {
    id: output,
    inputs: [scores, classes],
    nodes: [...inner, output],
    forward({ g, inputs }) {
      const [x, c] = [plain(g, inputs[0]!), plain(g, inputs[1]!)]
      const [batch, rows, columns] = x.shape as [number, number, number]
      const one = [batch, rows, 1]
      const place = g.emit('Cast', [g.clip(c, 0, columns - 1)], one, { to: int(7) }, 'int64')
      const isColumn = g.toFloat(g.emit('Equal', [c, g.toFloat(place)], one, {}, 'bool'))
      const own = g.multiply(g.emit('GatherElements', [x, place], one, columnAxis), isColumn)
      const entropy = g.subtract(g.sum(softplusOf(g, x), [2]), own)
      return {
        output: plainValue(g.reshape(entropy, [batch, rows])),
        reverse({ outputGradient, needed }) {
          if (!needed[0]) return [null, null]
          const dy = g.reshape(g.expand(plain(g, outputGradient), [batch, rows]), one)
          const all = g.multiply(g.sigmoid(x), dy)
          const less = g.negate(g.multiply(dy, isColumn))
          const added = { ...columnAxis, reduction: string('add') }
          return [plainValue(g.emit('ScatterElements', [all, place, less], x.shape, added)), null]
        },
      }
    },
  }
}

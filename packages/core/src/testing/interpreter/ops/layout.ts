import type { Operator } from '../operator.js'
import { exampleCount, exampleShape, exampleSize, exampleStart, sizeOf } from '../value.js'

/** Joins per-example shapes along one axis. */
export const concat: Operator<'concat'> = ({ node, inputs, output }) => {
  const shape = exampleShape(output)
  const { axis } = node.attributes
  const outer = sizeOf(shape.slice(0, axis))
  const inner = sizeOf(shape.slice(axis + 1))
  let position = 0
  for (let n = 0; n < exampleCount(output); n++) {
    for (let row = 0; row < outer; row++) {
      for (const input of inputs) {
        const run = exampleShape(input)[axis]! * inner
        const start = exampleStart(input, n) + row * run
        output.data.set(input.data.subarray(start, start + run), position)
        position += run
      }
    }
  }
}

/** The same values, example by example, under another shape. */
export const reshape: Operator<'reshape'> = ({ inputs, output }) => {
  const x = inputs[0]!
  const size = exampleSize(output)
  for (let n = 0; n < exampleCount(output); n++) {
    const start = exampleStart(x, n)
    output.data.set(x.data.subarray(start, start + size), n * size)
  }
}

/** The values written in the graph. */
export const constant: Operator<'constant'> = ({ node, output }) => {
  output.data.set(node.attributes.values)
}

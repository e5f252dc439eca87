import type { Operator } from '../operator.js'
import { exampleCount, exampleShape, exampleSize, exampleStart, lastAxis } from '../value.js'

/** Sum over axes of the per-example shape. */
export const reduceSum: Operator<'reduceSum'> = ({ node, inputs, output }) => {
  const x = inputs[0]!
  const shape = exampleShape(x)
  const axes = new Set(node.attributes.axes)
  const steps = keptStrides(shape, axes)
  const size = exampleSize(x)
  const outSize = exampleSize(output)
  for (let n = 0; n < exampleCount(output); n++) {
    const start = exampleStart(x, n)
    const index = shape.map(() => 0)
    for (let position = 0; position < size; position++) {
      const target = index.reduce((sum, i, axis) => sum + i * steps[axis]!, 0)
      output.data[n * outSize + target]! += x.data[start + position]!
      advance(index, shape)
    }
  }
}

/** Strides in the output of each axis of the input; 0 for a summed one. */
function keptStrides(shape: readonly number[], summed: ReadonlySet<number>): readonly number[] {
  const strides = shape.map(() => 0)
  let stride = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (summed.has(axis)) continue
    strides[axis] = stride
    stride *= shape[axis]!
  }
  return strides
}

/** The next index in row-major order. */
function advance(index: number[], shape: readonly number[]): void {
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis]!++
    if (index[axis]! < shape[axis]!) return
    index[axis] = 0
  }
}

/** Sum over the examples of the batch. */
export const batchSum: Operator<'batchSum'> = ({ inputs, output }) => {
  const x = inputs[0]!
  const size = exampleSize(x)
  for (let position = 0; position < x.data.length; position++) output.data[position % size]! += x.data[position]!
}

/** Place of each element in descending order of its row (the last axis): 0 for the largest; equal ones by index. */
export const rank: Operator<'rank'> = ({ inputs, output }) => {
  const x = inputs[0]!
  const length = lastAxis(x)
  for (let start = 0; start < x.data.length; start += length) {
    const row = x.data.subarray(start, start + length)
    const order = Array.from(row.keys()).sort((i, j) => row[j]! - row[i]! || i - j)
    for (const [place, i] of order.entries()) output.data[start + i] = place
  }
}

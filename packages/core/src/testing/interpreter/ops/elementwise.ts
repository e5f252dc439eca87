import type { Op } from '../../../contracts/index.js'
import type { Operator } from '../operator.js'
import { exampleCount, exampleShape, exampleSize, exampleStart, type Value } from '../value.js'

/**
 * For each element of one example of the output, where its operand stands in one example of the input.
 * Per-example shapes are aligned at their last axis; a missing axis or one of length 1 repeats.
 */
function broadcastOffsets(from: readonly number[], to: readonly number[]): Int32Array {
  let offsets = Int32Array.of(0)
  let stride = 1
  for (let axis = 1; axis <= to.length; axis++) {
    const length = to.at(-axis)!
    const own = axis <= from.length ? from.at(-axis)! : 1
    const step = own === 1 ? 0 : stride
    const inner = offsets
    offsets = new Int32Array(length * inner.length)
    for (let i = 0; i < length; i++) for (let j = 0; j < inner.length; j++) offsets[i * inner.length + j] = i * step + inner[j]!
    stride *= own
  }
  return offsets
}

/** Applies f to the operands, broadcast from the right within an example; an unbatched operand is the same for every example. */
function elementwise<K extends Op>(f: (...operands: readonly number[]) => number): Operator<K> {
  return ({ inputs, output }) => {
    const shape = exampleShape(output)
    const offsets = inputs.map((input: Value) => broadcastOffsets(exampleShape(input), shape))
    const size = exampleSize(output)
    for (let n = 0; n < exampleCount(output); n++) {
      const starts = inputs.map((input) => exampleStart(input, n))
      for (let position = 0; position < size; position++) {
        const operands = inputs.map((input, k) => input.data[starts[k]! + offsets[k]![position]!]!)
        output.data[n * size + position] = f(...operands)
      }
    }
  }
}

export const add = elementwise<'add'>((a, b) => a! + b!)
export const subtract = elementwise<'subtract'>((a, b) => a! - b!)
export const multiply = elementwise<'multiply'>((a, b) => a! * b!)
export const divide = elementwise<'divide'>((a, b) => a! / b!)
export const maximum = elementwise<'maximum'>((a, b) => Math.max(a!, b!))
/** 1 where a < b, else 0. */
export const less = elementwise<'less'>((a, b) => (a! < b! ? 1 : 0))
/** a where the mask is not 0, else b. */
export const select = elementwise<'select'>((mask, a, b) => (mask !== 0 ? a! : b!))

import type { Op } from '../../../contracts/index.js'
import type { Operator } from '../operator.js'
import { lastAxis } from '../value.js'

function pointwise<K extends Op>(f: (x: number) => number): Operator<K> {
  return ({ inputs, output }) => {
    const x = inputs[0]!.data
    for (let position = 0; position < x.length; position++) output.data[position] = f(x[position]!)
  }
}

export const relu = pointwise<'relu'>((x) => Math.max(x, 0))
export const relu6 = pointwise<'relu6'>((x) => Math.min(Math.max(x, 0), 6))
export const sigmoid = pointwise<'sigmoid'>((x) => 1 / (1 + Math.exp(-x)))
/** log(1 + eˣ), written so that it never overflows. */
export const softplus = pointwise<'softplus'>((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))))
export const exp = pointwise<'exp'>(Math.exp)
/** Natural logarithm. */
export const log = pointwise<'log'>(Math.log)
export const abs = pointwise<'abs'>(Math.abs)
/** The value unchanged; only its gradient is cut. */
export const stopGradient = pointwise<'stopGradient'>((x) => x)

/** log Σ eˣ of a row, with the largest value taken out first. */
function logSumExp(row: Float64Array): number {
  const largest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  return largest + Math.log(row.reduce((sum, x) => sum + Math.exp(x - largest), 0))
}

/** Fills each row along the last axis. */
function rowwise<K extends Op>(f: (x: number, logSum: number) => number): Operator<K> {
  return ({ inputs, output }) => {
    const x = inputs[0]!
    const length = lastAxis(x)
    for (let start = 0; start < x.data.length; start += length) {
      const row = x.data.subarray(start, start + length)
      const logSum = logSumExp(row)
      for (let i = 0; i < length; i++) output.data[start + i] = f(row[i]!, logSum)
    }
  }
}

/** eˣ / Σ eˣ along the last axis. */
export const softmax = rowwise<'softmax'>((x, logSum) => Math.exp(x - logSum))
/** x − log Σ eˣ along the last axis. */
export const logSoftmax = rowwise<'logSoftmax'>((x, logSum) => x - logSum)

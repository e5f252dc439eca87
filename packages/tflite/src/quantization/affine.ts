import type { Quantization } from '../flatbuffer/model.js'

/** The smallest and largest value of something. */
export interface Range {
  readonly low: number
  readonly high: number
}

/** 8-bit integers of a whole tensor: real = scale · (stored − zeroPoint), stored −128…127. */
export interface Affine {
  readonly scale: number
  readonly zeroPoint: number
}

export function rangeOf(values: ArrayLike<number>): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!)
    high = Math.max(high, values[i]!)
  }
  return { low, high }
}

const levels = 255
const smallestScale = 1e-8

/** 256 levels over a range, widened to hold 0, which must be one of them: padding is 0, and a ReLU ends there (Jacob et al. 2018, §2.1). */
export function affineOfRange(range: Range): Affine {
  const low = Math.min(range.low, 0)
  const high = Math.max(range.high, 0)
  const scale = Math.fround((high - low) / levels) || smallestScale
  // Adding 0 makes 0 of −0.
  return { scale, zeroPoint: Math.min(127, Math.max(-128, Math.round(-128 - low / scale))) + 0 }
}

/** Levels of a range that held nothing but 0. */
export const isDead = ({ scale }: Affine): boolean => scale === smallestScale

/** 0–1 in 256 levels: what LiteRT's LOGISTIC and SOFTMAX give, and nothing else. */
export const affineOfFraction: Affine = { scale: 1 / 256, zeroPoint: -128 }

export const quantizationOf = ({ scale, zeroPoint }: Affine): Quantization => ({
  scale: Float32Array.of(scale),
  zeroPoint: [zeroPoint],
  axis: 0,
})

/** The same levels counted from 0 to 255. */
export const unsigned = ({ scale, zeroPoint }: Affine): Affine => ({ scale, zeroPoint: zeroPoint + 128 })

export function toIntegers(values: Float32Array, { scale, zeroPoint }: Affine): Int8Array {
  return Int8Array.from(values, (value) => Math.min(127, Math.max(-128, Math.round(value / scale) + zeroPoint)))
}

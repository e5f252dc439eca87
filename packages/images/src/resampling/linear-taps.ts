/** For each output pixel along one axis: the first input pixel it reads, and its weights as the kernel wants them. */
export interface Taps {
  readonly first: Uint32Array
  /** For each output `pairs` times: high halves of two weights, low halves of the two. */
  readonly weights: Int16Array
  readonly pairs: number
}

/** Bits behind the point of a weight: 8 for the pixel and 2 to spare remain in 32, as in Pillow's ImagingResample. */
const fractionBits = 22
const lowBits = fractionBits / 2

/** Which of the outputs of an axis are wanted. */
interface Wanted {
  readonly outputs: number
  readonly from: number
  readonly count: number
}

/**
 * Linear interpolation of `length` pixels from `start` on; when it shrinks, the triangle widens with the scale so that every pixel counts.
 * Pillow's and torchvision's antialiased bilinear.
 */
export function linearTaps(start: number, length: number, { outputs, from, count }: Wanted): Taps {
  const scale = length / outputs
  const reach = Math.max(1, scale)
  const pairs = Math.ceil(reach)
  const first = new Uint32Array(count)
  const weights = new Int16Array(4 * count * pairs)
  const triangle = new Float64Array(2 * pairs + 1)
  for (let output = 0; output < count; output++) {
    const centre = (from + output + 0.5) * scale
    const low = Math.max(0, Math.floor(centre - reach + 0.5))
    const high = Math.min(length, Math.floor(centre + reach + 0.5))
    let total = 0
    for (let tap = 0; tap < high - low; tap++) {
      triangle[tap] = Math.max(0, 1 - Math.abs(low + tap + 0.5 - centre) / reach)
      total += triangle[tap]!
    }
    // Rounding may find one tap more, whose weight is 0.
    for (let tap = 0; tap < Math.min(high - low, 2 * pairs); tap++) {
      const weight = Math.round((triangle[tap]! / total) * 2 ** fractionBits)
      const at = 4 * (output * pairs + (tap >> 1)) + (tap & 1)
      weights[at] = weight >> lowBits
      weights[at + 2] = weight & (2 ** lowBits - 1)
    }
    first[output] = start + low
  }
  return { first, weights, pairs }
}

/** The same outputs in reverse order: a mirrored image. */
export function reversed({ first, weights, pairs }: Taps): Taps {
  const outputs = first.length
  const length = 4 * pairs
  const turned = new Int16Array(weights.length)
  for (let output = 0; output < outputs; output++)
    turned.set(weights.subarray(output * length, (output + 1) * length), (outputs - 1 - output) * length)
  return { first: first.toReversed(), weights: turned, pairs }
}

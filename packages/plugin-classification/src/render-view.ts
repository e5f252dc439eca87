import type { View } from './augmentation.js'
import type { StoredImage } from './decode-image.js'

/** For each output pixel along one axis: the first input pixel it reads, how many, and their weights. */
interface Taps {
  readonly first: Int32Array
  readonly count: Int32Array
  /** Fixed point, `width` per output pixel. */
  readonly weights: Int32Array
  readonly width: number
}

/** Bits behind the point of a weight: 8 for the pixel and 2 to spare remain in 32, as in Pillow's ImagingResample. */
const fractionBits = 22
const half = 1 << (fractionBits - 1)

/**
 * A view of an image as inputSize × inputSize RGB bytes, mirrored when asked.
 *
 * Separable linear interpolation; when it shrinks, the triangle widens with the scale so that every pixel counts. Each pass rounds to bytes:
 * Pillow's and torchvision's antialiased bilinear. Whole numbers throughout, so the same bits on every machine. A box of inputSize is copied.
 * @param pixels written, inputSize · inputSize · 3
 */
export function renderView(image: StoredImage, { box, mirrored }: View, inputSize: number, pixels: Uint8Array): void {
  const columns = linearTaps(box.left, box.width, inputSize)
  const rows = linearTaps(0, box.height, inputSize)
  const narrowed = box.width === inputSize ? cut(image, box, inputSize) : narrow(image, box, columns, inputSize)
  if (box.height === inputSize) pixels.set(narrowed)
  else shorten(narrowed, rows, inputSize, pixels)
  if (mirrored) mirror(pixels, inputSize)
}

function cut(image: StoredImage, { left, top, height }: View['box'], inputSize: number): Uint8Array {
  if (image.width === inputSize && image.height === height) return image.pixels
  const result = new Uint8Array(height * inputSize * 3)
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3
    result.set(image.pixels.subarray(from, from + inputSize * 3), y * inputSize * 3)
  }
  return result
}

/** What `narrow` writes into: kept, since allocating it for every image costs as much as filling it. */
let narrowedRows = new Uint8Array(0)

/** The box's rows, resampled along x: [height, inputSize, 3]. */
function narrow(image: StoredImage, { top, height }: View['box'], columns: Taps, inputSize: number): Uint8Array {
  const { pixels } = image
  const { first, count, weights, width } = columns
  const length = height * inputSize * 3
  if (narrowedRows.length < length) narrowedRows = new Uint8Array(length)
  const result = narrowedRows.subarray(0, length)
  let to = 0
  for (let y = top; y < top + height; y++) {
    const row = y * image.width
    for (let x = 0; x < inputSize; x++) {
      const start = x * width
      const end = start + count[x]!
      let at = (row + first[x]!) * 3
      let weight = weights[start]!
      let red = (half + Math.imul(weight, pixels[at]!)) | 0
      let green = (half + Math.imul(weight, pixels[at + 1]!)) | 0
      let blue = (half + Math.imul(weight, pixels[at + 2]!)) | 0
      for (let tap = start + 1; tap < end; tap++) {
        at += 3
        weight = weights[tap]!
        red = (red + Math.imul(weight, pixels[at]!)) | 0
        green = (green + Math.imul(weight, pixels[at + 1]!)) | 0
        blue = (blue + Math.imul(weight, pixels[at + 2]!)) | 0
      }
      result[to] = red >> fractionBits
      result[to + 1] = green >> fractionBits
      result[to + 2] = blue >> fractionBits
      to += 3
    }
  }
  return result
}

/** Rows of inputSize pixels, resampled along y. One, two and three rows, by far the most frequent, are added without a buffer for the sums. */
function shorten(narrowed: Uint8Array, rows: Taps, inputSize: number, pixels: Uint8Array): void {
  const { first, count, weights, width } = rows
  const length = inputSize * 3
  const sums = new Int32Array(length)
  for (let y = 0; y < inputSize; y++) {
    const to = y * length
    const a = first[y]! * length
    const [b, c] = [a + length, a + 2 * length]
    const [weightA, weightB, weightC] = [weights[y * width]!, weights[y * width + 1]!, weights[y * width + 2]!]
    switch (count[y]) {
      case 1:
        pixels.set(narrowed.subarray(a, a + length), to)
        break
      case 2:
        for (let i = 0; i < length; i++)
          pixels[to + i] = (half + Math.imul(weightA, narrowed[a + i]!) + Math.imul(weightB, narrowed[b + i]!)) >> fractionBits
        break
      case 3:
        for (let i = 0; i < length; i++) {
          const two = (half + Math.imul(weightA, narrowed[a + i]!) + Math.imul(weightB, narrowed[b + i]!)) | 0
          pixels[to + i] = (two + Math.imul(weightC, narrowed[c + i]!)) >> fractionBits
        }
        break
      default:
        sums.fill(half)
        for (let tap = 0; tap < count[y]!; tap++) {
          const weight = weights[y * width + tap]!
          const from = a + tap * length
          for (let i = 0; i < length; i++) sums[i] = (sums[i]! + Math.imul(weight, narrowed[from + i]!)) | 0
        }
        for (let i = 0; i < length; i++) pixels[to + i] = sums[i]! >> fractionBits
    }
  }
}

function mirror(pixels: Uint8Array, size: number): void {
  for (let y = 0; y < size; y++) {
    let left = y * size * 3
    let right = left + (size - 1) * 3
    for (; left < right; left += 3, right -= 3) {
      for (let channel = 0; channel < 3; channel++) {
        const kept = pixels[left + channel]!
        pixels[left + channel] = pixels[right + channel]!
        pixels[right + channel] = kept
      }
    }
  }
}

function linearTaps(start: number, length: number, outputs: number): Taps {
  const scale = length / outputs
  const reach = Math.max(1, scale)
  const width = 2 * Math.ceil(reach) + 1
  const first = new Int32Array(outputs)
  const count = new Int32Array(outputs)
  const weights = new Int32Array(outputs * width)
  const triangle = new Float64Array(width)
  for (let output = 0; output < outputs; output++) {
    const centre = (output + 0.5) * scale
    const low = Math.max(0, Math.floor(centre - reach + 0.5))
    const high = Math.min(length, Math.floor(centre + reach + 0.5))
    let total = 0
    for (let tap = 0; tap < high - low; tap++) {
      triangle[tap] = Math.max(0, 1 - Math.abs(low + tap + 0.5 - centre) / reach)
      total += triangle[tap]!
    }
    for (let tap = 0; tap < high - low; tap++) {
      weights[output * width + tap] = Math.round((triangle[tap]! / total) * 2 ** fractionBits)
    }
    first[output] = start + low
    count[output] = high - low
  }
  return { first, count, weights, width }
}

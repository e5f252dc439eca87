import type { Preprocessing } from '@mnas/core/contracts'
import type { View } from './augmentation.js'
import type { StoredImage } from './decode-image.js'

/** For each output pixel along one axis: the first input pixel it reads and the weights of those from there on. */
interface Taps {
  readonly first: Int32Array
  readonly weights: Float64Array
  /** Weights per output pixel; unused ones are 0. */
  readonly width: number
}

/**
 * Writes a view of an image as the model's input: resampled to inputSize × inputSize, mirrored, normalised, float32 NHWC at `offset`.
 *
 * Separable linear interpolation; when it shrinks, the triangle widens with the scale so that every pixel counts (as PIL's and torchvision's
 * antialiased bilinear). Plain arithmetic in a fixed order: the same bits on every machine. A box of inputSize is copied exactly.
 */
export function renderView(
  image: StoredImage,
  { box, mirrored }: View,
  inputSize: number,
  { mean, std }: Pick<Preprocessing, 'mean' | 'std'>,
  target: Float32Array,
  offset: number,
): void {
  const columns = linearTaps(box.left, box.width, inputSize)
  const rows = linearTaps(box.top, box.height, inputSize)
  const narrowed = narrow(image, box.top, box.height, columns, inputSize)
  const rowLength = inputSize * 3
  for (let y = 0; y < inputSize; y++) {
    const from = rows.first[y]! - box.top
    for (let x = 0; x < inputSize; x++) {
      const to = offset + (y * inputSize + (mirrored ? inputSize - 1 - x : x)) * 3
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0
        let at = from * rowLength + x * 3 + channel
        for (let tap = y * rows.width; tap < (y + 1) * rows.width; tap++, at += rowLength) {
          const weight = rows.weights[tap]!
          if (weight !== 0) sum += weight * narrowed[at]!
        }
        target[to + channel] = (sum - mean[channel]!) / std[channel]!
      }
    }
  }
}

/** The box's rows, resampled along x: [height, inputSize, 3]. */
function narrow(image: StoredImage, top: number, height: number, columns: Taps, inputSize: number): Float32Array {
  const result = new Float32Array(height * inputSize * 3)
  const { first, weights, width } = columns
  let to = 0
  for (let row = top; row < top + height; row++) {
    for (let x = 0; x < inputSize; x++) {
      let [red, green, blue] = [0, 0, 0]
      let at = (row * image.width + first[x]!) * 3
      for (let tap = x * width; tap < (x + 1) * width; tap++, at += 3) {
        const weight = weights[tap]!
        if (weight === 0) continue
        red += weight * image.pixels[at]!
        green += weight * image.pixels[at + 1]!
        blue += weight * image.pixels[at + 2]!
      }
      result[to++] = red
      result[to++] = green
      result[to++] = blue
    }
  }
  return result
}

function linearTaps(start: number, length: number, outputs: number): Taps {
  const scale = length / outputs
  const reach = Math.max(1, scale)
  const width = 2 * Math.ceil(reach) + 1
  const first = new Int32Array(outputs)
  const weights = new Float64Array(outputs * width)
  for (let output = 0; output < outputs; output++) {
    const centre = (output + 0.5) * scale
    const low = Math.max(0, Math.floor(centre - reach + 0.5))
    const high = Math.min(length, Math.floor(centre + reach + 0.5))
    const triangle = (input: number) => Math.max(0, 1 - Math.abs(input + 0.5 - centre) / reach)
    let total = 0
    for (let input = low; input < high; input++) total += triangle(input)
    for (let input = low; input < high; input++) weights[output * width + input - low] = triangle(input) / total
    first[output] = start + low
  }
  return { first, weights, width }
}

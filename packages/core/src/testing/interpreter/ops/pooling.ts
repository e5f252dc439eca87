import type { Window } from '../../../contracts/index.js'
import type { Operator } from '../operator.js'
import { exampleCount, exampleStart, imageShape, type Value } from '../value.js'

/** Calls visit(output position, input positions inside the image) for each output pixel; positions are those of channel 0. */
function forEachWindow(
  window: Window,
  x: Value,
  output: Value,
  visit: (target: number, sources: readonly number[]) => void,
): void {
  const { kernel, strides, padding } = window
  const [height, width, channels] = imageShape(x)
  const [outHeight, outWidth] = imageShape(output)
  let target = 0
  for (let n = 0; n < exampleCount(output); n++) {
    const start = exampleStart(x, n)
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++, target += channels) {
        const sources: number[] = []
        for (let ky = 0; ky < kernel[0]; ky++) {
          const y = oy * strides[0] + ky - padding[0]
          if (y < 0 || y >= height) continue
          for (let kx = 0; kx < kernel[1]; kx++) {
            const column = ox * strides[1] + kx - padding[2]
            if (column >= 0 && column < width) sources.push(start + (y * width + column) * channels)
          }
        }
        visit(target, sources)
      }
    }
  }
}

/** Largest value in each window; padding counts as −∞. */
export const maxPool: Operator<'maxPool'> = ({ node, inputs, output }) => {
  const x = inputs[0]!
  const [, , channels] = imageShape(x)
  forEachWindow(node.attributes, x, output, (target, sources) => {
    for (let c = 0; c < channels; c++) {
      let largest = Number.NEGATIVE_INFINITY
      for (const source of sources) largest = Math.max(largest, x.data[source + c]!)
      output.data[target + c] = largest
    }
  })
}

/** Mean of each window over the pixels inside the image: padding is not counted. */
export const averagePool: Operator<'averagePool'> = ({ node, inputs, output }) => {
  const x = inputs[0]!
  const [, , channels] = imageShape(x)
  forEachWindow(node.attributes, x, output, (target, sources) => {
    for (let c = 0; c < channels; c++) {
      let sum = 0
      for (const source of sources) sum += x.data[source + c]!
      output.data[target + c] = sum / sources.length
    }
  })
}

/** Mean over height and width: [H, W, C] → [C], or [1, 1, C] with keepDims. */
export const globalAveragePool: Operator<'globalAveragePool'> = ({ inputs, output }) => {
  const x = inputs[0]!
  const [height, width, channels] = imageShape(x)
  const pixels = height * width
  for (let n = 0; n < exampleCount(output); n++) {
    const start = exampleStart(x, n)
    for (let c = 0; c < channels; c++) {
      let sum = 0
      for (let pixel = 0; pixel < pixels; pixel++) sum += x.data[start + pixel * channels + c]!
      output.data[n * channels + c] = sum / pixels
    }
  }
}

import { multiplyOptions, poolOptions, reduceOptions } from '../../flatbuffer/options.js'
import { type Emission, type Emitter, emitResult } from '../emitter.js'
import { tfliteShape } from '../model-builder.js'
import { paddedInput } from './window.js'

/** The smallest finite float32: padding that never wins. */
const lowest = -(2 - 2 ** -23) * 2 ** 127

export const maxPool: Emitter<'maxPool'> = (emission) => {
  const { kernel } = emission.layer.node.attributes
  const { tensor, window } = paddedInput(emission, lowest)
  return emitResult(emission, { op: 'MAX_POOL_2D', inputs: [tensor], options: poolOptions({ ...window, kernel }) })
}

/** AVERAGE_POOL_2D does not count the padding of SAME. Explicit zeros it counts: the mean is corrected for each pixel. */
export const averagePool: Emitter<'averagePool'> = (emission) => {
  const { layer, builder } = emission
  const { kernel } = layer.node.attributes
  const { tensor, window, explicit } = paddedInput(emission)
  const pool = { op: 'AVERAGE_POOL_2D', inputs: [tensor], options: poolOptions({ ...window, kernel }) } as const
  if (!explicit) return emitResult(emission, pool)
  const mean = builder.tensor(`${layer.node.id}.mean`, tfliteShape(layer.node))
  builder.add({ ...pool, outputs: [mean] })
  const [height, width] = layer.node.shape
  const correction = builder.constant(`${layer.node.id}.correction`, [1, height!, width!, 1], countCorrection(emission))
  return emitResult(emission, { op: 'MUL', inputs: [mean, correction], options: multiplyOptions('none') })
}

/** Pixels of a whole window divided by those inside the image, for each output pixel. */
function countCorrection({ layer, inputs }: Emission<'averagePool'>): Float32Array {
  const { kernel, strides, padding } = layer.node.attributes
  const [height, width] = inputs[0]!.spec.shape
  const [outHeight, outWidth] = layer.node.shape
  const inside = (out: number, axis: 0 | 1, length: number) => {
    const start = out * strides[axis] - padding[2 * axis]!
    return Math.min(start + kernel[axis], length) - Math.max(start, 0)
  }
  const correction = new Float32Array(outHeight! * outWidth!)
  for (let y = 0; y < outHeight!; y++) {
    for (let x = 0; x < outWidth!; x++) {
      correction[y * outWidth! + x] = (kernel[0] * kernel[1]) / (inside(y, 0, height!) * inside(x, 1, width!))
    }
  }
  return correction
}

/** MEAN over height and width; all of a model's share one constant of axes. */
export const globalAveragePool: Emitter<'globalAveragePool'> = (emission) => {
  const { layer, inputs, builder } = emission
  const axes = builder.ints(`${layer.node.id}.axes`, [1, 2])
  const options = reduceOptions(layer.node.attributes.keepDims)
  return emitResult(emission, { op: 'MEAN', inputs: [inputs[0]!.tensor, axes], options })
}

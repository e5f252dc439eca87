import { averagePoolCorrection } from '@mnas/core/graph'
import { multiplyOptions, poolOptions, reduceOptions } from '../../flatbuffer/options.js'
import { type Emitter, emitResult } from '../emitter.js'
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
  const { layer, inputs, builder } = emission
  const { kernel } = layer.node.attributes
  const { tensor, window, explicit } = paddedInput(emission)
  const pool = { op: 'AVERAGE_POOL_2D', inputs: [tensor], options: poolOptions({ ...window, kernel }) } as const
  if (!explicit) return emitResult(emission, pool)
  const mean = builder.tensor(`${layer.node.id}.mean`, tfliteShape(layer.node))
  builder.add({ ...pool, outputs: [mean] })
  const [height, width] = layer.node.shape
  const correction = builder.constant(
    `${layer.node.id}.correction`,
    [1, height!, width!, 1],
    averagePoolCorrection(layer.node.attributes, inputs[0]!.spec.shape, layer.node.shape),
  )
  return emitResult(emission, { op: 'MUL', inputs: [mean, correction], options: multiplyOptions('none') })
}

/** MEAN over height and width; all of a model's share one constant of axes. */
export const globalAveragePool: Emitter<'globalAveragePool'> = (emission) => {
  const { layer, inputs, builder } = emission
  const axes = builder.ints(`${layer.node.id}.axes`, [1, 2])
  const options = reduceOptions(layer.node.attributes.keepDims)
  return emitResult(emission, { op: 'MEAN', inputs: [inputs[0]!.tensor, axes], options })
}

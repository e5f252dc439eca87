import { averagePoolCorrection } from '@mnas/core/graph'
import type { Operator } from './operator.js'
import { imageOf, padded, pair } from './window.js'

/** The smallest finite float32: padding that never wins. */
const lowest = -(2 - 2 ** -23) * 2 ** 127

/** Largest value in each window. */
export const maxPool: Operator<'maxPool'> = (site) => {
  const { kernel, strides } = site.node.attributes
  const { tensor, scheme } = padded(site, { fill: lowest })
  return site.tf.maxPool(tensor, pair(kernel), pair(strides), scheme)
}

/**
 * Mean of each window over the pixels inside the image. Padding is always added first and its zeros corrected for: in pure JavaScript the gradient
 * of TensorFlow's SAME counts them.
 */
export const averagePool: Operator<'averagePool'> = (site) => {
  const { tf, node, inputs } = site
  const { kernel, strides } = node.attributes
  const { tensor } = padded(site, { always: true })
  const mean = tf.avgPool(tensor, pair(kernel), pair(strides), 'valid')
  if (node.attributes.padding.every((length) => length === 0)) return mean
  const [height, width] = node.shape
  const correction = averagePoolCorrection(node.attributes, inputs[0]!.spec.shape, node.shape)
  return tf.mul(mean, tf.tensor(correction, [height!, width!, 1]))
}

/** Mean over height and width. */
export const globalAveragePool: Operator<'globalAveragePool'> = ({ tf, node, inputs }) =>
  tf.mean(imageOf(tf, inputs[0]!), [1, 2], node.attributes.keepDims)

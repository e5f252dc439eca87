import type { Window } from '@mnas/core/contracts'
import type { TensorFlow, TfTensor, TfTensor4D } from '../tensorflow/tensorflow.js'
import type { Operator, Site } from './operator.js'
import { padded, pair } from './window.js'

/** y = x ∗ w + b; w HWIO. */
export const conv2d: Operator<'conv2d'> = (site) => {
  const { tf, node, parameter } = site
  const { tensor, scheme } = padded(site)
  return biased(site, tf.conv2d(tensor, parameter('kernel') as TfTensor4D, pair(node.attributes.strides), scheme))
}

/** y[…, c] = x[…, c] ∗ w[c] + b[c]; w [kh, kw, C, 1]. */
export const depthwiseConv2d: Operator<'depthwiseConv2d'> = (site) => {
  const { tf, native, node, parameter } = site
  const { strides } = node.attributes
  const kernel = parameter('kernel') as TfTensor4D
  // TensorFlow's kernel knows only equal strides.
  if (native && strides[0] !== strides[1]) return biased(site, everyStrides(site, kernel, strides))
  const { tensor, scheme } = padded(site)
  return biased(site, tf.depthwiseConv2d(tensor, kernel, pair(strides), scheme))
}

/** A depthwise convolution with stride 1, of whose output every strides[0]-th row and strides[1]-th column is taken. */
function everyStrides(site: Site<'depthwiseConv2d'>, kernel: TfTensor4D, strides: Window['strides']): TfTensor {
  const { tf, node } = site
  const { tensor } = padded(site, { always: true })
  const all = tf.depthwiseConv2d(tensor, kernel, 1, 'valid')
  const rows = tf.gather(all, every(tf, node.shape[0]!, strides[0]), 1)
  return tf.gather(rows, every(tf, node.shape[1]!, strides[1]), 2)
}

const every = (tf: TensorFlow, count: number, stride: number) =>
  tf.tensor1d(
    Array.from({ length: count }, (_, i) => i * stride),
    'int32',
  )

/** y[…, o] = Σ_i x[…, i]·w[o, i] + b[o]. */
export const dense: Operator<'dense'> = (site) => {
  const { tf, inputs, parameter } = site
  const x = inputs[0]!.tensor
  const rows = tf.reshape(x, [-1, x.shape.at(-1)!])
  const product = tf.matMul(rows, parameter('kernel') as typeof rows, false, true)
  return biased(site, tf.reshape(product, [...x.shape.slice(0, -1), site.node.attributes.units]))
}

function biased({ tf, node, parameter }: Site<'conv2d' | 'depthwiseConv2d' | 'dense'>, product: TfTensor): TfTensor {
  return node.attributes.bias ? tf.add(product, parameter('bias')) : product
}

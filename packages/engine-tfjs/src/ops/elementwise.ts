import type { Op } from '@mnas/core/contracts'
import type { TensorFlow, TfTensor } from '../tensorflow/tensorflow.js'
import { fullShape } from '../tensors.js'
import type { Operator, Site } from './operator.js'

/**
 * The operands so that TensorFlow, which aligns whole shapes at the right, broadcasts as the Graph does, which aligns one example's: a batched
 * operand with fewer axes than the value gets axes of length 1 behind its batch.
 */
function aligned({ tf, node, batch, inputs }: Site<Op>): readonly TfTensor[] {
  return inputs.map(({ tensor, spec }) => {
    const missing = node.shape.length - spec.shape.length
    if (!spec.batched || missing === 0) return tensor
    return tf.reshape(tensor, [batch, ...Array<number>(missing).fill(1), ...spec.shape])
  })
}

/** Aligned, and spread out to the value's full shape: for those whose gradient in TensorFlow.js does not know broadcasting. */
function spread(site: Site<Op>): readonly TfTensor[] {
  const shape = fullShape(site.node, site.batch)
  return aligned(site).map((tensor) => (tensor.shape.join() === shape.join() ? tensor : site.tf.broadcastTo(tensor, shape)))
}

const binary =
  <K extends Op>(f: (tf: TensorFlow, a: TfTensor, b: TfTensor) => TfTensor): Operator<K> =>
  (site) => {
    const [a, b] = aligned(site as Site<Op>)
    return f(site.tf, a!, b!)
  }

export const add = binary<'add'>((tf, a, b) => tf.add(a, b))
export const subtract = binary<'subtract'>((tf, a, b) => tf.sub(a, b))
export const multiply = binary<'multiply'>((tf, a, b) => tf.mul(a, b))
export const divide = binary<'divide'>((tf, a, b) => tf.div(a, b))
/** 1 where a < b, else 0. */
export const less = binary<'less'>((tf, a, b) => tf.cast(tf.less(a, b), 'float32'))

/** Where both are equal the gradient goes to a. */
export const maximum: Operator<'maximum'> = (site) => {
  const [a, b] = spread(site as Site<Op>)
  return site.tf.maximum(a!, b!)
}

/** a where the mask is not 0, else b. */
export const select: Operator<'select'> = (site) => {
  const [mask, a, b] = spread(site as Site<Op>)
  return site.tf.where(site.tf.notEqual(mask!, 0), a!, b!)
}

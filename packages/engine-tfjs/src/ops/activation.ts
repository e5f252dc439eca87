import type { Op } from '@mnas/core/contracts'
import type { TensorFlow, TfTensor } from '../tensorflow/tensorflow.js'
import type { Operator } from './operator.js'

const unary =
  <K extends Op>(f: (tf: TensorFlow, x: TfTensor) => TfTensor): Operator<K> =>
  ({ tf, inputs }) =>
    f(tf, inputs[0]!.tensor)

export const relu: Operator<'relu'> = ({ tf, native, inputs }) => (native ?? tf).relu(inputs[0]!.tensor)
export const relu6: Operator<'relu6'> = ({ tf, native, inputs }) => (native ?? tf).relu6(inputs[0]!.tensor)
export const sigmoid = unary<'sigmoid'>((tf, x) => tf.sigmoid(x))
export const softplus = unary<'softplus'>((tf, x) => tf.softplus(x))
export const exp = unary<'exp'>((tf, x) => tf.exp(x))
export const log = unary<'log'>((tf, x) => tf.log(x))
export const abs = unary<'abs'>((tf, x) => tf.abs(x))
/** Along the last axis. */
export const softmax = unary<'softmax'>((tf, x) => tf.softmax(x))
/** Along the last axis. */
export const logSoftmax = unary<'logSoftmax'>((tf, x) => tf.logSoftmax(x))

import type { Algebra } from '@mnas/core/graph'
import type { TensorFlow, TfTensor } from './tensorflow/tensorflow.js'

/** The library as update rules see it. */
export const algebraOf = (tf: TensorFlow): Algebra<TfTensor> => ({
  add: (a, b) => tf.add(a, b),
  subtract: (a, b) => tf.sub(a, b),
  multiply: (a, b) => tf.mul(a, b),
  divide: (a, b) => tf.div(a, b),
  squareRoot: (a) => tf.sqrt(a),
})

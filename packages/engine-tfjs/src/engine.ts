import type { TrainingEngine } from '@mnas/core/contracts'
import { describePlan, planFor } from './plan.js'
import { accelerators } from './tensorflow/tensorflow.js'

/** Trains with TensorFlow.js: on TensorFlow's C library where tfjs-node is installed, in JavaScript alone otherwise. */
export const tfjsEngine: TrainingEngine = {
  name: 'tfjs',
  accelerators: ['cpu', ...accelerators],
  plan: planFor,
  describePlan,
  compile: async (request) => (await import('./training-session.js')).openTrainingSession(request),
  compileInference: async (request) => (await import('./inference-session.js')).openInferenceSession(request),
}
export default tfjsEngine

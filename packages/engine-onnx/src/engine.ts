import { availableParallelism } from 'node:os'
import type { ExecutionPlan, TrainingEngine } from '@mnas/core/contracts'
import { contractErrors } from '@mnas/core/errors'
import { openInferenceSession } from './inference-session.js'
import { openTrainingSession } from './training-session.js'

/** Accelerators for which this engine can write a training step. */
const accelerators = ['cpu'] as const

/** Trains by running a generated ONNX graph (forward, gradients, update) on onnxruntime-node. */
export const onnxEngine: TrainingEngine = {
  name: 'onnx',

  async plan(wish: Partial<ExecutionPlan>): Promise<ExecutionPlan> {
    const accelerator = wish.accelerator === undefined || wish.accelerator === 'auto' ? 'cpu' : wish.accelerator
    if (!accelerators.some((known) => known === accelerator)) {
      const fix = 'This onnxruntime-node trains on the CPU only; set the accelerator to "auto".'
      throw contractErrors.MNAS_ENGINE_ACCELERATOR({ engine: 'onnx', wish: accelerator, available: accelerators, fix })
    }
    return { engine: 'onnx', mode: 'standard', accelerator, threads: wish.threads ?? availableParallelism() }
  },

  compile: openTrainingSession,
  compileInference: openInferenceSession,
}

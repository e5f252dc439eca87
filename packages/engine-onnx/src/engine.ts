import { availableParallelism } from 'node:os'
import type { ExecutionPlan, Graph, TrainingEngine } from '@mnas/core/contracts'
import { contractErrors } from '@mnas/core/errors'
import { laneBlock } from './fast/probe-block.js'
import { openInferenceSession } from './inference-session.js'
import { compositeSteps } from './rewrite/rewrite.js'
import { openTrainingSession } from './training-session.js'

/** Accelerators for which this engine can write a training step. */
const accelerators = ['cpu'] as const

/** Trains by running a generated ONNX graph (forward, gradients, update) on onnxruntime-node. */
export const onnxEngine: TrainingEngine = {
  name: 'onnx',

  async plan(wish: Partial<ExecutionPlan>, model: Graph, batchSize: number): Promise<ExecutionPlan> {
    const accelerator = wish.accelerator === undefined || wish.accelerator === 'auto' ? 'cpu' : wish.accelerator
    if (!accelerators.some((known) => known === accelerator)) {
      const fix = 'This onnxruntime-node trains on the CPU only; set the accelerator to "auto".'
      throw contractErrors.MNAS_ENGINE_ACCELERATOR({ engine: 'onnx', wish: accelerator, available: accelerators, fix })
    }
    const mode = wish.mode === 'standard' ? 'standard' : await bestMode(model, batchSize)
    return { engine: 'onnx', mode, accelerator, threads: wish.threads ?? availableParallelism() }
  },

  compile: openTrainingSession,
  compileInference: openInferenceSession,
}

/** Fast where the processor and the batch allow it and some composite fits the model. */
async function bestMode(model: Graph, batchSize: number): Promise<ExecutionPlan['mode']> {
  if (!compositeSteps(model).some((step) => step.kind === 'composite')) return 'standard'
  const block = await laneBlock()
  return block !== null && batchSize % block === 0 ? 'fast' : 'standard'
}

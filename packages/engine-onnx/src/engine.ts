import { availableParallelism } from 'node:os'
import type { ExecutionPlan, Graph, TrainingEngine } from '@mnas/core/contracts'
import { hasCudaFiles, requireAccelerator } from './accelerators/availability.js'
import { laneBlock } from './fast/probe-block.js'
import { openInferenceSession } from './inference-session.js'
import { compositeSteps } from './rewrite/rewrite.js'
import { accelerators } from './runtime/accelerators.js'
import { trainingMemory } from './training-memory.js'
import { openTrainingSession } from './training-session.js'

/**
 * Trains by running a generated ONNX graph (forward, gradients, update) on onnxruntime-node. `auto` is the CPU, always: bits repeat there, and
 * nothing else is as well tried (docs/adr/0013). The fast mode exists in the CPU's provider alone.
 */
export const onnxEngine: TrainingEngine = {
  name: 'onnx',
  accelerators,

  async plan(wish: Partial<ExecutionPlan>, model: Graph, batchSize: number): Promise<ExecutionPlan> {
    const accelerator = await requireAccelerator(wish.accelerator ?? 'auto')
    const standard = wish.mode === 'standard' || accelerator !== 'cpu'
    const mode = standard ? 'standard' : await bestMode(model, batchSize)
    return { engine: 'onnx', mode, accelerator, threads: wish.threads ?? availableParallelism() }
  },

  async describePlan({ accelerator }: ExecutionPlan): Promise<string | null> {
    if (accelerator !== 'cpu')
      return `Training on ${accelerator}, in the standard mode: bits need not repeat there as they do on the CPU`
    return hasCudaFiles() ? 'CUDA is installed and not used: "auto" is the CPU. Add --accelerator cuda to a new training' : null
  },
  memory: trainingMemory,
  compile: openTrainingSession,
  compileInference: openInferenceSession,
}

/** Fast where the processor and the batch allow it and some composite fits the model. */
async function bestMode(model: Graph, batchSize: number): Promise<ExecutionPlan['mode']> {
  if (!compositeSteps(model).some((step) => step.kind === 'composite')) return 'standard'
  const block = await laneBlock()
  return block !== null && batchSize % block === 0 ? 'fast' : 'standard'
}

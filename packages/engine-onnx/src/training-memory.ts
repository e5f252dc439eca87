import type { TrainingMemory, TrainingRequest } from '@mnas/core/contracts'
import { parametersOf, updateRuleOf } from '@mnas/core/graph'
import { sizeOf } from './onnx/tensor.js'

/** Bytes of a value. */
const valueBytes = 4
/** Code, protobuf and onnxruntime's own tables: the same for networks of any size that was measured. */
const overhead = { session: 80 * 2 ** 20, step: 10 * 2 ** 20, accumulation: 30 * 2 ** 20 } as const
/** Vectors as long as all parameters that a step holds at its peak. */
const gradientVectors = { fast: 2.6, standard: 5.6 } as const
/** Bytes held at the peak for each byte of the values that the nodes of a model put out. */
const activationShare = { fast: 0.61, standard: 1.27 } as const

/**
 * Fitted to the largest resident sets that bench/training/memory.mjs measures (README): MnasNet-A1 at four widths, D1 and MobileNetV2, 96 to 224 px.
 * Null on a GPU, whose memory is its own.
 */
export function trainingMemory({
  model,
  optimizer,
  plan,
}: Pick<TrainingRequest, 'model' | 'optimizer' | 'plan'>): TrainingMemory | null {
  if (plan.accelerator !== 'cpu') return null
  const parameterBytes = valueBytes * parametersOf(model).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const activationBytes = valueBytes * model.nodes.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const stateVectors = 1 + updateRuleOf(optimizer).slots.length + (optimizer.average ? 1 : 0)
  return {
    // Two generations of the state (training-state.ts).
    sessionBytes: overhead.session + 2 * stateVectors * parameterBytes,
    stepBytes: overhead.step + gradientVectors[plan.mode] * parameterBytes,
    // Two generations of sums, and a second session.
    accumulationBytes: overhead.accumulation + 2 * parameterBytes,
    exampleBytes: activationShare[plan.mode] * activationBytes,
  }
}

import type { ExecutionPlan } from '@mnas/core/contracts'
import type * as Ort from 'onnxruntime-node'
import type { OnnxModel } from '../onnx/tensor.js'
import { isAccelerator, providers } from './accelerators.js'

/**
 * What a thread does between two pieces of a node's work. Spinning makes a step 6–16 % faster on a quiet machine (bench/training), one data worker beside it included, and up to twice as slow where other programs want the processor.
 */
export type Waiting = 'spin' | 'sleep'

/** How a model is compiled: the plan, with the CPU as the accelerator unless it names another. */
export type CompilePlan = Pick<ExecutionPlan, 'threads' | 'mode'> & Partial<Pick<ExecutionPlan, 'accelerator'>>

export interface SessionPlan extends CompilePlan {
  readonly waiting: Waiting
  /** Outputs that stay on the device (accelerators.ts, keepsTensors). */
  readonly onDevice: readonly string[]
}

/** Severity "error": warnings about the inputs of an ONNX graph mean nothing to a user. */
const logErrors = 3

/**
 * The options of a session. The arena and the memory pattern are off: with shapes that never change malloc serves as well, and the peak is
 * half as high; DirectML demands both.
 */
export function sessionOptions(model: OnnxModel, plan: SessionPlan): Ort.InferenceSession.SessionOptions {
  const { threads, mode, accelerator = 'cpu', waiting, onDevice } = plan
  return {
    executionProviders: executionProviders(model, accelerator),
    // The levels above look for fusions and other layouts. The fast mode has its own: looking for more only makes a session slower to create.
    graphOptimizationLevel: mode === 'fast' ? 'basic' : 'all',
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableCpuMemArena: false,
    enableMemPattern: false,
    logSeverityLevel: logErrors,
    ...(onDevice.length > 0 && { preferredOutputLocation: Object.fromEntries(onDevice.map((name) => [name, 'gpu-buffer'])) }),
    extra: { session: { intra_op: { allow_spinning: waiting === 'spin' ? '1' : '0' } } },
  }
}

/** The provider, and behind it (onnxruntime adds it by itself) the CPU for operators that the provider has no kernel for. */
function executionProviders(model: OnnxModel, accelerator: string): Ort.InferenceSession.ExecutionProviderConfig[] {
  const provider = isAccelerator(accelerator) ? providers[accelerator] : accelerator
  if (provider !== 'webgpu') return [provider]
  const forceCpuNodeNames = withoutWebGpuKernel(model)
  return [{ name: provider, preferredLayout: 'NCHW', ...(forceCpuNodeNames.length > 0 && { forceCpuNodeNames }) }]
}

/** WebGPU's max pooling claims the form that also tells where the largest values lay, and fails when it runs (onnxruntime 1.30). */
function withoutWebGpuKernel(model: OnnxModel): string[] {
  return model.nodes
    .filter(({ operator, outputs }) => operator === 'MaxPool' && outputs.length > 1)
    .map(({ outputs }) => outputs[0]!)
}

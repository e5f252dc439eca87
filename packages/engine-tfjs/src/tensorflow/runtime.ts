import type { ExecutionPlan } from '@mnas/core/contracts'
import { loadTensorFlow } from './load-tensorflow.js'
import { type NativeKernels, nativeKernels } from './native-kernels.js'
import { type Accelerator, backendNames, type TensorFlow } from './tensorflow.js'

/** The library with one backend. */
export interface Runtime {
  readonly tf: TensorFlow
  /** Where tfjs-node computes. */
  readonly native: NativeKernels | null
  /** Does work without a pause on this backend; every tensor that it makes and does not `keep` is freed, whatever happens. */
  run<T>(work: () => T): Promise<T>
}

/** @throws what loading the library throws */
export async function openRuntime(plan: Pick<ExecutionPlan, 'accelerator' | 'threads'>): Promise<Runtime> {
  const accelerator = plan.accelerator as Accelerator
  const tf = loadTensorFlow(accelerator, plan.threads)
  const backend = backendNames[accelerator]
  await choose(tf, backend)
  const native = accelerator === 'tfjs-node' ? nativeKernels(tf) : null
  return {
    tf,
    native,
    async run<T>(work: () => T): Promise<T> {
      await choose(tf, backend)
      let result: T
      tf.tidy(() => {
        result = work()
      })
      return result!
    },
  }
}

/** The library has one backend at a time; another session may have chosen the other one. */
async function choose(tf: TensorFlow, backend: string): Promise<void> {
  while (tf.getBackend() !== backend) await tf.setBackend(backend)
}

import { availableParallelism } from 'node:os'
import type { ExecutionPlan, Graph } from '@mnas/core/contracts'
import { contractErrors } from '@mnas/core/errors'
import { costsOf } from '@mnas/core/graph'
import { measureMacsPerSecond } from './measure-speed.js'
import { loadTensorFlow, tfjsNodeVariable } from './tensorflow/load-tensorflow.js'
import { type Accelerator, accelerators } from './tensorflow/tensorflow.js'

/** tfjs-node where it loads, unless JavaScript alone was asked for. @throws MNAS_ENGINE_ACCELERATOR */
export async function planFor(wish: Partial<ExecutionPlan>): Promise<ExecutionPlan> {
  const threads = wish.threads ?? availableParallelism()
  const accelerator = chooseAccelerator(wish.accelerator ?? 'auto', threads)
  return { engine: 'tfjs', mode: 'standard', accelerator, threads: accelerator === 'tfjs-cpu' ? 1 : threads }
}

function chooseAccelerator(wish: string, threads: number): Accelerator {
  switch (wish) {
    case 'tfjs-cpu':
      return wish
    case 'tfjs-node': {
      const reason = whyNotNative(threads)
      if (reason === null) return wish
      throw refused(wish, `${installNative} (tfjs-node does not load: ${reason}).`, ['tfjs-cpu'])
    }
    case 'auto':
    case 'cpu':
      return whyNotNative(threads) === null ? 'tfjs-node' : 'tfjs-cpu'
    default:
      throw refused(wish, 'TensorFlow.js trains on the CPU only; set the accelerator to "auto".', accelerators)
  }
}

const refused = (wish: string, fix: string, available: readonly Accelerator[]) =>
  contractErrors.MNAS_ENGINE_ACCELERATOR({ engine: 'tfjs', wish, available, fix })

const installNative = `Run "npm install @tensorflow/tfjs-node", or set ${tfjsNodeVariable} to a folder where it is installed`

/** Why tfjs-node cannot be used, in one line; null when it can. */
function whyNotNative(threads: number): string | null {
  try {
    loadTensorFlow('tfjs-node', threads)
    return null
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'MODULE_NOT_FOUND') return 'it is not installed'
    return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!
  }
}

/** A step costs its forward pass and, for every layer, two more like it backwards. */
const passesPerStep = 3

/**
 * What a person should know before a training in JavaScript alone: how long one image takes, measured with a small convolution on this computer,
 * and how to get the library. Null on tfjs-node.
 */
export async function describePlan(plan: ExecutionPlan, model: Graph): Promise<string | null> {
  if (plan.accelerator !== 'tfjs-cpu') return null
  const seconds = (passesPerStep * costsOf(model).macs) / (await measureMacsPerSecond(plan))
  const reason = whyNotNative(plan.threads)
  const found = reason === null || reason === 'it is not installed' ? '' : ` tfjs-node was found and does not load: ${reason}.`
  return (
    `Training in JavaScript alone: about ${formatSeconds(seconds)} for each image and epoch.${found} ` +
    `${reason === null ? 'Leave the accelerator to "auto"' : installNative}, or train with --engine onnx, which is faster than both`
  )
}

const formatSeconds = (seconds: number) =>
  seconds < 0.1 ? `${(seconds * 1000).toPrecision(2)} ms` : `${seconds.toPrecision(2)} s`

import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import util from 'node:util'
import type { Accelerator, TensorFlow } from './tensorflow.js'

/** A folder whose node_modules hold @tensorflow/tfjs-node, where that is not installed beside mnas. */
export const tfjsNodeVariable = 'MNAS_TFJS_NODE'

const loaded = new Map<Accelerator, TensorFlow>()

/**
 * Loads the library once per process. TensorFlow.js ships CommonJS for Node.
 * @param threads for tfjs-node, whose pool is made when it is loaded: in one process the first wish counts
 * @throws whatever the module loader says when tfjs-node is not installed or its addon does not fit
 */
export function loadTensorFlow(accelerator: Accelerator, threads: number): TensorFlow {
  const known = loaded.get(accelerator)
  if (known) return known
  const tf = accelerator === 'tfjs-node' ? loadNative(threads) : loadPure()
  loaded.set(accelerator, tf)
  return tf
}

function loadPure(): TensorFlow {
  const require = createRequire(import.meta.url)
  const tf: TensorFlow = require('@tensorflow/tfjs-core')
  quiet(tf)
  require('@tensorflow/tfjs-backend-cpu')
  // Only here are the gradients of the ops registered: tfjs-core's build for Node has none, and the package that joins all has an install script.
  require('@tensorflow/tfjs-layers')
  return tf
}

function loadNative(threads: number): TensorFlow {
  restoreUtilities()
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3'
  process.env['TF_NUM_INTRAOP_THREADS'] ??= String(threads)
  process.env['TF_NUM_INTEROP_THREADS'] ??= '1'
  const folder = process.env[tfjsNodeVariable]
  const require = createRequire(folder ? join(resolve(folder), 'package.json') : import.meta.url)
  const tf: TensorFlow = require('@tensorflow/tfjs-node')
  quiet(tf)
  return tf
}

/** Its advice to install tfjs-node goes to the console, where our progress stands. We give that advice ourselves. */
function quiet(tf: TensorFlow): void {
  tf.env().set('PROD', true)
}

/** tfjs-node 4.22 calls two functions that Node 23 took out. */
function restoreUtilities(): void {
  const removed: { isNullOrUndefined?: unknown; isArray?: unknown } = util
  removed.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
  removed.isArray ??= Array.isArray
}

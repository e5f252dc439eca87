import type { ExecutionPlan } from '@mnas/core/contracts'
import type { Rank } from '@tensorflow/tfjs-core'
import { openRuntime } from './tensorflow/runtime.js'

/** [height, width, channels in and out] of the convolution that is timed: 590 k multiply-adds. */
const probe = { side: 8, channels: 32, kernel: 3 } as const

/** Multiply-adds per second of a convolution forwards on this machine, after one run to warm up. A rough figure: layers differ. */
export async function measureMacsPerSecond(plan: Pick<ExecutionPlan, 'accelerator' | 'threads'>): Promise<number> {
  const { tf, run } = await openRuntime(plan)
  const { side, channels, kernel } = probe
  return run(() => {
    const x = tf.ones<Rank.R4>([1, side, side, channels])
    const filter = tf.ones<Rank.R4>([kernel, kernel, channels, channels])
    const time = () => {
      const start = performance.now()
      tf.conv2d(x, filter, 1, 'same').dataSync()
      return (performance.now() - start) / 1000
    }
    time()
    return (side * side * channels * channels * kernel * kernel) / Math.max(time(), 1e-6)
  })
}

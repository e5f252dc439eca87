import { Emitter } from '../onnx/emitter.js'
import { createSession } from '../runtime/create-session.js'
import { floatTensors } from '../runtime/load-runtime.js'

/** Channels of the probe: a multiple of every block there is. */
const channels = 32
/** Positions of the probe. */
const positions = 4

let known: Promise<number | null> | undefined

/**
 * Block of onnxruntime's NCHWc kernels on this processor: 16 with AVX-512, 8 with AVX2; null where there are none. Asked once per process, by
 * having a ramp reordered: the channels of one block come out side by side.
 */
export function laneBlock(): Promise<number | null> {
  known ??= probe()
  return known
}

async function probe(): Promise<number | null> {
  const g = new Emitter()
  const shape = [1, channels, 1, positions]
  g.output('y', g.emit('ReorderInput', [g.input('x', shape)], shape, {}, 'float', 'com.microsoft.nchwc'))
  const ramp = Float32Array.from({ length: channels * positions }, (_, i) => i)
  const wrap = await floatTensors()
  try {
    const session = await createSession(g.finish(), { threads: 1, mode: 'fast', waiting: 'sleep', onDevice: [] })
    const { y } = await session.run({ x: wrap(ramp, shape) })
    await session.release()
    const values = y!.data as Float32Array
    const block = values.findIndex((value, i) => value !== i * positions)
    return block > 1 ? block : null
  } catch {
    // Without NCHWc kernels the session cannot be made.
    return null
  }
}

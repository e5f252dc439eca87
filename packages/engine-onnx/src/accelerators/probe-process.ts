/**
 * Tries one accelerator (the argument) with a product of two matrices and tells its parent how that went. A process of its own: loading a
 * provider's libraries may end it, and writes about its troubles to stderr.
 */
import { Emitter } from '../onnx/emitter.js'
import { type Accelerator, providers } from '../runtime/accelerators.js'
import { createSession } from '../runtime/create-session.js'
import { floatTensors, listProviders } from '../runtime/load-runtime.js'
import type { ProbeAnswer } from './probe.js'

const accelerator = process.argv[2] as Accelerator
const answer = await tryOut().catch((error: unknown): ProbeAnswer => ({ listed: true, error: String(error) }))
process.send?.(answer, () => process.disconnect())

async function tryOut(): Promise<ProbeAnswer> {
  if (!(await listProviders()).includes(providers[accelerator])) return { listed: false }
  const g = new Emitter()
  g.output('product', g.matmul(g.input('a', [2, 2]), g.input('b', [2, 2])))
  const plan = { threads: 1, mode: 'standard', accelerator, waiting: 'sleep', onDevice: [] } as const
  const session = await createSession(g.finish(), plan)
  const wrap = await floatTensors()
  const matrix = wrap(Float32Array.of(1, 2, 3, 4), [2, 2])
  const { product } = await session.run({ a: matrix, b: matrix })
  await session.release()
  const values = Array.from(product!.data as Float32Array)
  return values.join() === '7,10,15,22'
    ? { listed: true }
    : { listed: true, error: `it computed ${values} instead of 7,10,15,22` }
}

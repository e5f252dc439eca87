import type { Check, Graph, TrainingEngine } from '../contracts/index.js'
import { GraphBuilder } from '../graph/index.js'
import { firstLine } from './check.js'

const tolerance = 1e-5

/** y = 1·2 + 3·4 − 4: one dense layer through the engine. @returns what computes and the result */
export async function checkEngine(engine: TrainingEngine): Promise<string> {
  const model = denseModel()
  const plan = await engine.plan({ threads: 1 }, model, 1)
  const session = await engine.compileInference({ model, batchSize: 1, plan })
  try {
    await session.load({
      'dense.kernel': { dtype: 'float32', shape: [1, 2], data: Float32Array.of(2, 4) },
      'dense.bias': { dtype: 'float32', shape: [1], data: Float32Array.of(-4) },
    })
    const { y } = await session.run({ x: { dtype: 'float32', shape: [1, 2], data: Float32Array.of(1, 3) } })
    const value = y?.data[0] ?? Number.NaN
    if (!(Math.abs(value - 10) < tolerance)) throw new Error(`1·2 + 3·4 − 4 gave ${value}, expected 10`)
    return `computes (${plan.mode} mode on ${plan.accelerator})`
  } finally {
    await session.close()
  }
}

/**
 * Each accelerator of an engine that is no CPU by another name, tried. One that is not there is a hint: nothing needs it.
 * @returns nothing for an engine that names none
 */
export async function checkAccelerators(engine: TrainingEngine): Promise<readonly Check[]> {
  const names = (engine.accelerators ?? []).filter((name) => name !== 'cpu')
  return Promise.all(
    names.map(async (accelerator): Promise<Check> => {
      const name = `accelerator ${accelerator}`
      try {
        await engine.plan({ accelerator, threads: 1 }, denseModel(), 1)
        return { name, status: 'ok', detail: `computes (mnas train --engine ${engine.name} --accelerator ${accelerator})` }
      } catch (error) {
        return { name, status: 'hint', detail: firstLine(error) }
      }
    }),
  )
}

function denseModel(): Graph {
  const builder = new GraphBuilder()
  builder.input('x', { shape: [2], dtype: 'float32', batched: true })
  const origin = { block: 'head', layer: 0, role: 'check' } as const
  builder.output('y', builder.add('dense', { id: 'dense', inputs: ['x'], attributes: { units: 1, bias: true }, origin }))
  return builder.build()
}

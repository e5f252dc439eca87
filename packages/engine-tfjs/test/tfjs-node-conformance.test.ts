import type { TrainingEngine } from '@mnas/core/contracts'
import { engineConformance } from '@mnas/core/testing'
import engine, { tfjsNodeVariable } from '@mnas/engine-tfjs'
import { describe, expect, it } from 'vitest'

const installed = process.env[tfjsNodeVariable] !== undefined
if (!installed && process.env['CI']) throw new Error(`${tfjsNodeVariable} is not set: run .ci/tfjs-node, which builds tfjs-node`)

const native: TrainingEngine = { ...engine, plan: (wish, ...rest) => engine.plan({ ...wish, accelerator: 'tfjs-node' }, ...rest) }

/** The same contract on TensorFlow's C library, where `.ci/tfjs-node` has built it. */
describe.skipIf(!installed)(`the tfjs engine on tfjs-node (skipped without ${tfjsNodeVariable})`, () => {
  it('is what the plan takes by itself', async () => {
    const { model, batchSize } = { model: { inputs: {}, nodes: [], outputs: {} }, batchSize: 1 }
    expect(await engine.plan({}, model, batchSize)).toMatchObject({ engine: 'tfjs', accelerator: 'tfjs-node' })
  })

  for (const { name, run } of engineConformance(native)) it(name, run)
})

/**
 * One contender in a process of its own: steps of our engine on one batch.
 *
 *   node bench/training/engine.mjs '{"size": 96, "batch": 32, "mode": "fast", "threads": 2, "steps": 7}'      one line of JSON
 */
import engine from '@mnas/engine-onnx'
import { batchNormMomentum, batchOf, learningRate, modelAt, objective, optimizer, weightsOf } from './network.mjs'
import { peakMegabytes, timedSteps } from './timed-steps.mjs'

const { size, batch, mode, threads, steps } = JSON.parse(process.argv[2])
const model = modelAt(size)
const plan = await engine.plan({ mode, threads }, model, batch)
const before = performance.now()
const session = await engine.compile({ model, objective, optimizer, batchSize: batch, batchNormMomentum, frozen: [], plan })
const createMs = performance.now() - before
await session.load(weightsOf(model, 1))
const inputs = batchOf(model, batch, 3)
const scalars = { learningRate: learningRate(batch), averageDecay: 0 }
const told = await timedSteps(session, inputs, scalars, steps)
await session.close()
const result = { mode: plan.mode, createMs, ...told, peakMegabytes: peakMegabytes() }
process.stdout.write(`${JSON.stringify(result)}\n`)

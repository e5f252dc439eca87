/**
 * Steps of our engine on one batch of a detector, in a process of its own: one line of JSON.
 *
 *   node bench/detection/step/engine.mjs '{"first": 3, "threads": 1, "steps": 7, "mode": "fast"}'
 */
import { costsOf } from '@mnas/core/graph'
import engine from '@mnas/engine-onnx'
import { peakMegabytes, timedSteps } from '../../training/timed-steps.mjs'
import { detectorStep } from './network.mjs'

const { first, mode, threads, steps } = JSON.parse(process.argv[2])
const { model, anchors, weights, inputs, scalars, batch, request } = detectorStep(first)
const plan = await engine.plan({ mode, threads }, model, batch)
const before = performance.now()
const session = await engine.compile({ model, ...request, batchSize: batch, frozen: [], plan })
const createMs = performance.now() - before
await session.load(weights)
const told = await timedSteps(session, inputs, scalars, steps)
await session.close()
const { parameters } = costsOf(model)
process.stdout.write(
  `${JSON.stringify({ mode: plan.mode, createMs, ...told, peakMegabytes: peakMegabytes(), anchors, parameters })}\n`,
)

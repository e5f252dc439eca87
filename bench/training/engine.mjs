/**
 * One contender in a process of its own: steps of our engine on one batch.
 *
 *   node bench/training/engine.mjs '{"size": 96, "batch": 32, "mode": "fast", "threads": 2, "steps": 7}'      one line of JSON
 */
import { readFileSync } from 'node:fs'
import engine from '@mnas/engine-onnx'
import { batchNormMomentum, batchOf, learningRate, modelAt, objective, optimizer, weightsOf } from './network.mjs'

const warmUps = 3
const { size, batch, mode, threads, steps } = JSON.parse(process.argv[2])
const model = modelAt(size)
const plan = await engine.plan({ mode, threads }, model, batch)
const before = performance.now()
const session = await engine.compile({ model, objective, optimizer, batchSize: batch, batchNormMomentum, frozen: [], plan })
const createMs = performance.now() - before
await session.load(weightsOf(model, 1))
const inputs = batchOf(model, batch, 3)
const scalars = { learningRate: learningRate(batch), averageDecay: 0 }

const stepMs = []
const losses = []
let processorStart
for (let i = 0; i < warmUps + steps; i++) {
  if (i === warmUps) processorStart = process.cpuUsage()
  const start = performance.now()
  const { loss } = await session.step(inputs, scalars)
  if (i >= warmUps) stepMs.push(performance.now() - start)
  losses.push(loss)
}
const { user, system } = process.cpuUsage(processorStart)
await session.close()
const result = {
  mode: plan.mode,
  stepMs,
  processorMs: (user + system) / 1000 / steps,
  createMs,
  peakMegabytes: peakMegabytes(),
  losses,
}
process.stdout.write(`${JSON.stringify(result)}\n`)

/** The largest resident set so far. */
function peakMegabytes() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024
}

/**
 * What has to be seen on a computer with an accelerator, and cannot be on one without: the engine's conformance suite on it, and the time of a
 * training step beside the CPU's, with the distance of their losses.
 *
 *   node bench/training/accelerator.mjs cuda|webgpu|directml [--size 224] [--batch 16] [--steps 20]
 *
 * Exit 1 where a case fails.
 */
import { parseArgs } from 'node:util'
import { engineConformance } from '@mnas/core/testing'
import engine from '@mnas/engine-onnx'
import { batchNormMomentum, batchOf, learningRate, modelAt, objective, optimizer, weightsOf } from './network.mjs'
import { timedSteps } from './timed-steps.mjs'

const number = (value) => ({ type: 'string', default: value })
const { values: options, positionals } = parseArgs({
  options: { size: number('224'), batch: number('16'), steps: number('20') },
  allowPositionals: true,
})
const [accelerator] = positionals
if (!engine.accelerators.includes(accelerator)) throw new Error(`Expected ${engine.accelerators}, received ${accelerator}`)
const [size, batch, steps] = [options.size, options.batch, options.steps].map(Number)

const failures = await conformance()
for (const { name, message } of failures) console.log(`FAILED ${name}: ${message}`)
process.exitCode = failures.length > 0 ? 1 : 0
const [cpu, other] = [await timed('cpu'), await timed(accelerator)]
const distance = Math.max(...cpu.losses.map((loss, step) => Math.abs(loss - other.losses[step]) / Math.abs(loss)))
console.log(
  `mnasnet-a1, ${size} px, batch ${batch}: cpu ${cpu.ms.toFixed(1)} ms, ${accelerator} ${other.ms.toFixed(1)} ms a step`,
)
console.log(`losses of ${cpu.losses.length} steps at most ${distance.toExponential(1)} apart, the first ${first(cpu, other)}`)

async function conformance() {
  const there = { ...engine, plan: (wish, ...rest) => engine.plan({ ...wish, accelerator }, ...rest) }
  const cases = engineConformance(there)
  const failed = []
  for (const { name, run } of cases) {
    try {
      await run()
    } catch (error) {
      failed.push({ name, message: String(error.message).replaceAll('\n', ' ') })
    }
  }
  console.log(`${accelerator}: ${cases.length - failed.length} of ${cases.length} cases of the engine's conformance suite pass`)
  return failed
}

/** The median of the steps; both sides in the standard mode, which is the only one that an accelerator has. */
async function timed(name) {
  const model = modelAt(size)
  const plan = await engine.plan({ mode: 'standard', accelerator: name }, model, batch)
  const session = await engine.compile({ model, objective, optimizer, batchSize: batch, batchNormMomentum, frozen: [], plan })
  await session.load(weightsOf(model, 1))
  const scalars = { learningRate: learningRate(batch), averageDecay: 0 }
  const { stepMs, losses } = await timedSteps(session, batchOf(model, batch, 3), scalars, steps)
  await session.close()
  return { ms: stepMs.toSorted((a, b) => a - b)[stepMs.length >> 1], losses }
}

function first(cpu, other) {
  return (Math.abs(cpu.losses[0] - other.losses[0]) / Math.abs(cpu.losses[0])).toExponential(1)
}

/**
 * Compares the memory that the engine estimates for a training with the largest resident set of a process that takes two updates.
 *
 *   node bench/training/memory.mjs            a table on stdout; about a minute of processor time
 *   node bench/training/memory.mjs '{…}'      one measurement, in a process started by the former: one line of JSON
 */
import { spawnSync } from 'node:child_process'
import { namedArchitecture, scaleArchitecture } from '@mnas/core/architecture'
import { initializeWeights, lowerBackbone } from '@mnas/core/graph'
import { trainingProcessEnvironment } from '@mnas/core/jobs'
import { crossEntropyObjective, randomTensors, withClassifier } from '@mnas/core/testing'
import engine from '@mnas/engine-onnx'
import { peakMegabytes } from './timed-steps.mjs'

const classes = 100
const optimizer = { kind: 'rmsprop', decay: 0.9, momentum: 0.9, epsilon: 1e-3, weightDecay: 1e-5, average: true }
/** Name, pixels, batch, batches per update. */
const networks = [
  ['mnasnet-a1', 96, 16, 1],
  ['mnasnet-a1', 96, 64, 1],
  ['mnasnet-a1', 96, 32, 2],
  ['mnasnet-a1', 160, 16, 1],
  ['mnasnet-a1', 224, 16, 1],
  ['mnasnet-a1', 224, 16, 2],
  ['mnasnet-a1@0.35', 96, 64, 1],
  ['mnasnet-a1@0.5', 160, 32, 1],
  ['mnasnet-a1@1.4', 96, 16, 1],
  ['mnasnet-a1@1.4', 96, 16, 2],
  ['mobilenet-v2', 96, 32, 1],
  ['mnasnet-d1', 96, 32, 1],
]
const megabyte = 2 ** 20

if (process.argv[2]) process.stdout.write(`${JSON.stringify(await measure(JSON.parse(process.argv[2])))}\n`)
else compare()

function compare() {
  process.stdout.write(
    '| network | px | batch | accumulate | mode | estimated MB | measured MB | ratio |\n| - | - | - | - | - | - | - | - |\n',
  )
  for (const mode of ['fast', 'standard']) {
    for (const [name, size, batch, accumulate] of networks) {
      const request = JSON.stringify({ name, size, batch, accumulate, mode })
      const { stdout } = spawnSync(process.execPath, [import.meta.filename, request], {
        env: trainingProcessEnvironment(),
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const { estimated, measured, mode: actual } = JSON.parse(stdout)
      const numbers = [estimated / megabyte, measured / megabyte].map(Math.round).join(' | ')
      process.stdout.write(
        `| ${name} | ${size} | ${batch} | ${accumulate} | ${actual} | ${numbers} | ${(estimated / measured).toFixed(2)} |\n`,
      )
    }
  }
}

async function measure({ name, size, batch, accumulate, mode }) {
  const model = withClassifier(lowerBackbone(scaleArchitecture(namedArchitecture(name), { inputSize: size })), classes, 0)
  const plan = await engine.plan({ mode, threads: 2 }, model, batch)
  const inputs = inputsOf(model, batch)
  const before = peakMegabytes()
  const objective = crossEntropyObjective(classes)
  const session = await engine.compile({
    model,
    objective,
    optimizer,
    batchSize: batch,
    batchNormMomentum: 0.99,
    frozen: [],
    plan,
  })
  const inference = await engine.compileInference({ model, batchSize: batch, plan })
  await session.load(initializeWeights(model, 1))
  for (let step = 1; step <= 2 * accumulate; step++)
    await session.step(inputs, { learningRate: 1e-3, averageDecay: 0.9 }, step % accumulate === 0)
  const measured = (peakMegabytes() - before) * megabyte
  await inference.close()
  await session.close()
  const { sessionBytes, stepBytes, exampleBytes, accumulationBytes } = engine.memory({ model, optimizer, plan })
  const estimated = sessionBytes + stepBytes + batch * exampleBytes + (accumulate > 1 ? accumulationBytes : 0)
  return { estimated, measured, mode: plan.mode }
}

function inputsOf(model, batch) {
  const labels = new Float32Array(batch * classes)
  for (let n = 0; n < batch; n++) labels[n * classes] = 1
  return {
    ...randomTensors(model.inputs, { batch, seed: 1 }),
    labels: { dtype: 'float32', shape: [batch, classes], data: labels },
    weight: { dtype: 'float32', shape: [batch], data: new Float32Array(batch).fill(1) },
  }
}

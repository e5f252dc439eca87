/**
 * Whole gradients of both modes against PyTorch in float64, beside PyTorch's own float32; and 20 steps that have to follow its losses.
 *
 *   MNAS_PYTHON="$(.ci/python)" node bench/training/gradients.mjs [--seeds 6] [--cases 96x16,64x16] [--steps 20] [--save]
 *
 * Ends with 1 when a mean error exceeds 1.5 times PyTorch's, or a loss strays by more than 1 %.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import engine from '@mnas/engine-onnx'
import { batchNormMomentum, batchOf, modelAt, objective, optimizer, tableOf, trainedOf, weightsOf } from './network.mjs'

const errorLimit = 1.5
const lossLimit = 0.01
const modes = ['fast', 'standard']
const root = fileURLToPath(new URL('../..', import.meta.url))
const script = fileURLToPath(new URL('gradient_golden.py', import.meta.url))
const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '6' },
    cases: { type: 'string', default: '96x16,64x16' },
    steps: { type: 'string', default: '20' },
    // Of the last of the steps; it rises linearly from 0: the first 20 of a warm-up of 500 steps to .001.
    'learning-rate': { type: 'string', default: '0.00004' },
    threads: { type: 'string', default: '2' },
    save: { type: 'boolean', default: false },
  },
})
const [seeds, steps, threads] = [options.seeds, options.steps, options.threads].map(Number)
const learningRate = Number(options['learning-rate'])
const python = process.env.MNAS_PYTHON
if (!python) throw new Error('Set MNAS_PYTHON to a Python with torch: MNAS_PYTHON="$(.ci/python)" (bench/README.md)')

const results = []
for (const name of options.cases.split(',')) {
  const [size, batch] = name.split('x').map(Number)
  const runs = []
  for (let seed = 1; seed <= seeds; seed++) runs.push(await compare(size, batch, seed, seed === 1 ? steps : 0))
  results.push(summary(size, batch, runs))
}
const report = {
  version: 1,
  command: `node bench/training/gradients.mjs ${process.argv.slice(2).join(' ')}`.trim(),
  date: new Date().toISOString(),
  commit: git('rev-parse', 'HEAD'),
  clean: git('status', '--porcelain', '--untracked-files=no') === '',
  machine: { cpu: cpus()[0]?.model ?? 'unknown', threads, platform: `${process.platform}-${process.arch}` },
  node: process.version,
  errorLimit,
  lossLimit,
  results,
}
print(results)
if (options.save) writeFileSync(join(root, 'bench/results/gradients.json'), `${JSON.stringify(report, null, 2)}\n`)
const met = results.every(({ ratio, lossDifference }) =>
  modes.every((m) => ratio[m] <= errorLimit && lossDifference[m] <= lossLimit),
)
process.exitCode = met ? 0 : 1

async function compare(size, batch, seed, golden) {
  const model = modelAt(size)
  const trained = trainedOf(model)
  const weights = disturbed(weightsOf(model, seed), trained)
  const inputs = batchOf(model, batch, seed + 100)
  const job = {
    size,
    batch,
    threads,
    steps: golden,
    learningRate,
    table: tableOf(size),
    shapes: trained.map(({ shape }) => shape),
  }
  const reference = goldenOf(job, trained, weights, inputs)
  const found = {}
  for (const mode of modes) {
    const gradient = await gradientOf({ model, batch, mode, weights, inputs, trained })
    const losses = golden > 0 ? await lossesOf({ model, batch, mode, weights, inputs }, golden) : []
    found[mode] = { error: relativeError(gradient, reference.gradient), lossDifference: strayed(losses, reference.losses32) }
  }
  const { loss, error32, torch, losses32, losses64 } = reference
  return { seed, loss, error32, torch, lossDifference32: strayed(losses32, losses64), losses: losses32, ...found }
}

/** Batch norms and biases off their start values, which would hide errors. */
function disturbed(weights, trained) {
  let place = 0
  const entries = trained.map(({ name }) => {
    const data = Float32Array.from(weights[name].data, (value) => value + 0.02 * Math.sin(1.7 * place++))
    return [name, { ...weights[name], data }]
  })
  return { ...weights, ...Object.fromEntries(entries) }
}

function goldenOf(job, trained, weights, inputs) {
  const folder = mkdtempSync(join(tmpdir(), 'mnas-gradients-'))
  try {
    writeFileSync(join(folder, 'job.json'), JSON.stringify(job))
    writeFileSync(join(folder, 'weights.bin'), Buffer.concat(trained.map(({ name }) => bytes(weights[name].data))))
    writeFileSync(join(folder, 'image.bin'), bytes(inputs.image.data))
    execFileSync(python, [script, folder], { stdio: ['ignore', 'ignore', 'inherit'] })
    const gradient = readFileSync(join(folder, 'gradient.bin'))
    const numbers = new Float64Array(gradient.buffer.slice(gradient.byteOffset, gradient.byteOffset + gradient.byteLength))
    return { ...JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8')), gradient: numbers }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function bytes(data) {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}

async function open({ model, batch, mode, weights }, update) {
  const plan = await engine.plan({ mode, threads }, model, batch)
  const request = { model, objective, optimizer: update, batchSize: batch, batchNormMomentum, frozen: [], plan }
  const session = await engine.compile(request)
  await session.load(weights)
  return session
}

/**
 * The gradient as what one plain step moves, from weights that are as large as they are: a large rate keeps the difference's own rounding small.
 */
async function gradientOf({ trained, inputs, weights, ...rest }) {
  const rate = 1024
  const session = await open({ weights, ...rest }, { kind: 'sgd', momentum: 0, weightDecay: 0, average: false })
  await session.step(inputs, { learningRate: rate, averageDecay: 0 })
  const after = await session.weights('raw')
  await session.close()
  return trained.flatMap(({ name }) => Array.from(weights[name].data, (value, i) => (value - after[name].data[i]) / rate))
}

async function lossesOf({ inputs, ...rest }, count) {
  const session = await open(rest, optimizer)
  const losses = []
  for (let i = 1; i <= count; i++) {
    const scalars = { learningRate: (learningRate * i) / count, averageDecay: 0 }
    losses.push((await session.step(inputs, scalars)).loss)
  }
  await session.close()
  return losses
}

function relativeError(received, exact) {
  let difference = 0
  let whole = 0
  for (let i = 0; i < exact.length; i++) {
    difference += (received[i] - exact[i]) ** 2
    whole += exact[i] ** 2
  }
  return Math.sqrt(difference / whole)
}

function strayed(losses, reference) {
  return Math.max(0, ...losses.map((loss, i) => Math.abs(loss / reference[i] - 1)))
}

function summary(size, batch, runs) {
  const mean = (values) => values.reduce((a, b) => a + b) / values.length
  const error32 = mean(runs.map((run) => run.error32))
  const perMode = (value) => Object.fromEntries(modes.map((mode) => [mode, value(mode)]))
  return {
    size,
    batch,
    torch: runs[0].torch,
    torchError32: error32,
    error: perMode((mode) => mean(runs.map((run) => run[mode].error))),
    ratio: perMode((mode) => mean(runs.map((run) => run[mode].error)) / error32),
    torchLossDifference32: Math.max(...runs.map((run) => run.lossDifference32)),
    lossDifference: perMode((mode) => Math.max(...runs.map((run) => run[mode].lossDifference))),
    runs,
  }
}

function print(all) {
  for (const { size, batch, torchError32, torchLossDifference32, error, ratio, lossDifference, runs } of all) {
    const perSeed = (errors) => errors.map((value) => value.toExponential(1)).join(' ')
    console.log(`\n${size} px, batch ${batch}`)
    const own = (100 * torchLossDifference32).toFixed(2)
    console.log(
      `  PyTorch   ${torchError32.toExponential(1)}  [${perSeed(runs.map((run) => run.error32))}]  losses within ${own} % of float64`,
    )
    for (const mode of modes) {
      const strays = (100 * lossDifference[mode]).toFixed(2)
      const errors = perSeed(runs.map((run) => run[mode].error))
      console.log(
        `  ${mode.padEnd(10)}${error[mode].toExponential(1)}  [${errors}]  ${ratio[mode].toFixed(2)} ×, losses within ${strays} %`,
      )
    }
  }
}

function git(...argv) {
  return execFileSync('git', argv, { cwd: root, encoding: 'utf8' }).trim()
}

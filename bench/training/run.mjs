/**
 * Steps per second of one training: MnasNet-A1 with squeeze-excite, 100 classes, RMSProp with weight decay and running statistics.
 * Every contender runs in a process of its own, in turn, started as training processes are; medians over the rounds are compared.
 *
 *   node bench/training/run.mjs [--rounds 3] [--steps 7] [--threads 2] [--sizes 32,96,224] [--optimizer torch|tensorflow] [--save]
 *
 * PyTorch takes part where MNAS_PYTHON names a Python that has it, Keras where MNAS_TENSORFLOW_PYTHON does (bench/README.md says how to make
 * them).
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { trainingProcessEnvironment } from '@mnas/core/jobs'
import { child, mallocSettings, median } from './contenders.mjs'
import { learningRate, settings, tableOf } from './network.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const file = (name) => fileURLToPath(new URL(name, import.meta.url))
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
    sizes: { type: 'string', default: settings.map(([size]) => size).join() },
    optimizer: { type: 'string', default: 'torch' },
    save: { type: 'boolean', default: false },
  },
})
const [rounds, steps, threads] = [options.rounds, options.steps, options.threads].map(Number)
const python = process.env.MNAS_PYTHON
const tensorflowPython = process.env.MNAS_TENSORFLOW_PYTHON
const peer = 'torch channels_last'

const contenders = {
  'mnas fast': (job) => ours({ ...job, mode: 'fast' }),
  'mnas standard': (job) => ours({ ...job, mode: 'standard' }),
  ...(python ? { [peer]: torch } : {}),
  ...(tensorflowPython ? { 'keras tf.function': keras } : {}),
}

const sizes = options.sizes.split(',').map(Number)
const results = settings.filter(([size]) => sizes.includes(size)).map(([size, batch]) => measure(size, batch))
const report = {
  version: 1,
  command: `node bench/training/run.mjs ${process.argv.slice(2).join(' ')}`.trim(),
  date: new Date().toISOString(),
  commit: git('rev-parse', 'HEAD'),
  clean: git('status', '--porcelain', '--untracked-files=no') === '',
  machine: { cpu: cpus()[0]?.model ?? 'unknown', threads, platform: `${process.platform}-${process.arch}` },
  node: process.version,
  rounds,
  steps,
  peerOptimizer: options.optimizer,
  results,
}
print(report)
if (options.save) writeFileSync(join(root, 'bench/results/training.json'), `${JSON.stringify(report, null, 2)}\n`)

function measure(size, batch) {
  const runs = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) runs[name].push(run({ size, batch, threads, steps }))
  }
  const summary = Object.entries(runs).map(([name, list]) => {
    const stepMs = median(list.map((run) => median(run.stepMs)))
    return [
      name,
      {
        mode: list[0].mode,
        imagesPerSecond: rounded((batch / stepMs) * 1000),
        stepMs: rounded(stepMs),
        processorMsPerStep: rounded(median(list.map((run) => run.processorMs))),
        createMs: rounded(median(list.map((run) => run.createMs))),
        peakMegabytes: Math.round(Math.max(...list.map((run) => run.peakMegabytes))),
        lastLoss: list[0].losses.at(-1),
        roundsMs: list.map((run) => rounded(median(run.stepMs))),
      },
    ]
  })
  return { size, batch, contenders: Object.fromEntries(summary) }
}

function ours(job) {
  return child(process.execPath, [file('engine.mjs'), JSON.stringify(job)], trainingProcessEnvironment())
}

function torch(job) {
  const argument = JSON.stringify({ ...withNetwork(job), optimizer: options.optimizer })
  return child(python, [file('torch_peer.py'), argument], { ...process.env, ...mallocSettings })
}

function keras(job) {
  return child(tensorflowPython, [file('tensorflow_peer.py'), JSON.stringify(withNetwork(job))], process.env)
}

function withNetwork(job) {
  return { ...job, learningRate: learningRate(job.batch), table: tableOf(job.size) }
}

function print({ results }) {
  for (const { size, batch, contenders: found } of results) {
    console.log(`\n${size} px, batch ${batch}`)
    for (const [name, run] of Object.entries(found)) {
      const ratio = found[peer] ? `  ${(run.imagesPerSecond / found[peer].imagesPerSecond).toFixed(2)} × PyTorch` : ''
      const columns = [
        `${run.imagesPerSecond.toFixed(1).padStart(7)} img/s`,
        `${run.processorMsPerStep.toFixed(0).padStart(6)} ms of processor per step`,
        `${run.createMs.toFixed(0).padStart(5)} ms to create`,
        `${String(run.peakMegabytes).padStart(5)} MB`,
      ]
      console.log(`  ${name.padEnd(20)}${columns.join('  ')}${ratio}`)
    }
  }
}

function rounded(value) {
  return Math.round(value * 10) / 10
}

function git(...argv) {
  return execFileSync('git', argv, { cwd: root, encoding: 'utf8' }).trim()
}

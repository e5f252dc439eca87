/**
 * A run of 100,000 trials: how long the program takes to go on with it, to show it and to show its front, to ask it and to tell it; what it takes to
 * schedule a trial and how much that writes, early and late; what the facts of a genome cost.
 *
 *   node bench/run-store/run.mjs [--trials 100000] [--trained 0.5] [--rounds 5] [--sizes 1000,10000,50000,100000] [--written 500]
 *                                [--strategy model] [--save]
 *
 * The run begins as a real search on drawn pictures and the replay device; trials are then added as a search records them (make-trials.mjs). The
 * commands are those that a user types, in processes of their own, their rounds in turn; the same commands on the run before trials were
 * added say what the program itself takes. Bytes are those given to the kernel (/proc/self/io) by a search in this process whose device and
 * training answer at once. Facts: CPU time of a look at a genome as a strategy has it, the mean of 20 different ones, the median of 1,000 such means, once warm.
 *
 * Ask and tell: a run of "search new", filled in the same way; asking includes two timings on the replay device. For how long they hold the run is
 * seen by trying to take it every 2 ms.
 *
 * Exit 1 beyond 2 s for a command (asking: for holding the run), 10 ms of processor for scheduling a trial, 50 µs for facts, or 1.1 times the bytes of the smallest of --sizes.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { lower } from '@mnas/core/graph'
import classification from '@mnas/plugin-classification'
import { drawPictures, leaseRun } from '@mnas/plugin-search'
import { genomeWork } from '../../packages/plugin-search/dist/facts/genome-work.js'
import { knownFacts } from '../../packages/plugin-search/dist/facts/known-facts.js'
import { runEstimates } from '../../packages/plugin-search/dist/facts/run-estimates.js'
import { featuresOf } from '../../packages/plugin-search/dist/latency/operator-latency-model.js'
import { mostKept } from '../../packages/plugin-search/dist/strategies/model/observations.js'
import { firstSteps } from '../../packages/plugin-search/dist/strategies/model/process/fit-weights.js'
import { newRun, timeAsked } from './asked.mjs'
import { addTrials, genomesOf, randomOf, spaceOf, targetMs } from './make-trials.mjs'
import { costOfTrials } from './next-trials.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '100000' },
    trained: { type: 'string', default: '0.5' },
    rounds: { type: 'string', default: '5' },
    sizes: { type: 'string', default: '1000,10000,50000,100000' },
    written: { type: 'string', default: '500' },
    strategy: { type: 'string', default: 'model' },
    save: { type: 'boolean', default: false },
  },
})
const { save, sizes, strategy, ...texts } = values
const numbers = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Number(text)]))
const options = { ...numbers, sizes: sizes.split(',').map(Number), strategy }
/**
 * growth: a trial changes the same rows early and late, and each changed page goes to the log once, whatever the run's size: 49 to 51 KB a
 * trial, no more at 100,000 trials than at 10,000 (PRAGMA wal_autocheckpoint = 0 shows it). The rest, 12 to 15 KB, is the copying of pages
 * from the log to the file, once for all of the some twenty trials between two copies. They share the ends of tables always; pages of
 * the four indexes with random keys (genome, candidate, structure, reward) they share while a run is small, and in a large one each trial has
 * its own: up to 4 pages of 1 KiB more to copy, 7 % of 60 KB. It ends there, as the measured sizes show.
 */
const limits = { commandSeconds: 2, schedulingMs: 10, factsMicroseconds: 50, growth: 1.1 }
const [width, size] = [0.35, 32]

/** Networks that the model keeps when some go. */
const learnedFrom = 250
const folder = mkdtempSync(join(tmpdir(), 'mnas-run-store-'))
const program = join(root, 'bin/run.js')
const env = { ...process.env, MNAS_CACHE_FOLDER: join(folder, 'cache'), MNAS_PROGRESS: 'none' }
try {
  const result = await measure()
  console.log(JSON.stringify(result, null, 2))
  if (save) writeFileSync(join(root, 'bench/results/run-store.json'), `${JSON.stringify(result, null, 2)}\n`)
  process.exitCode = result.withinLimits ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measure() {
  const [pictures, empty, full] = ['pictures', 'empty', 'full'].map((name) => join(folder, name))
  await drawPictures({ folder: pictures, training: 12, validation: 4, size: 40, seed: 1 })
  const commands = {
    resume: (run) => search(pictures, run),
    show: (run) => ['search', 'show', run],
    showJson: (run) => ['search', 'show', run, '--json'],
    front: (run) => ['search', 'front', run],
  }
  mnas(commands.resume(empty))
  cpSync(empty, full, { recursive: true })
  const costs = await costsOfTrials(full)
  await fill(full, options.trials)
  const seconds = timeInTurn(commands, { empty, full })
  const asked = await askedSeconds(full)
  const facts = factsOfGenomes()
  const bytes = column(costs, 'bytes', 0)
  const scheduling = column(costs, 'cpuMs', 2)
  const growth = Math.max(...Object.values(bytes)) / bytes[options.sizes[0]]
  // Asking waits for a device.
  const slowest = Math.max(...Object.values(seconds).map((of) => of.full), asked.tell.full, asked.askHeldMs.full / 1000)
  return {
    command: `node bench/run-store/run.mjs ${process.argv.slice(2).join(' ')}`.trim(),
    ...provenance(),
    options,
    seconds: { ...seconds, ask: asked.ask, tell: asked.tell },
    heldMs: { ask: asked.askHeldMs, tell: asked.tellHeldMs },
    databaseMb: Math.round(statSync(join(full, 'run.db')).size / 1e5) / 10,
    schedulingMs: { cpu: scheduling, clock: column(costs, 'clockMs', 2) },
    bytesPerTrial: { ...bytes, growth: round(growth, 3) },
    factsMicroseconds: facts,
    limits,
    withinLimits:
      slowest <= limits.commandSeconds &&
      Math.max(...Object.values(scheduling)) <= limits.schedulingMs &&
      facts.fromParts <= limits.factsMicroseconds &&
      growth <= limits.growth,
  }
}

function search(pictures, run) {
  const small = [
    '--size',
    `${size}`,
    '--width',
    `${width}`,
    '--target-latency',
    `${targetMs}ms`,
    '--trials',
    '2',
    '--proxy-epochs',
    '1',
  ]
  const how = ['--strategy', options.strategy, '--retrain-top', '0', '--threads', '1', '--workers', '0']
  return ['search', '--data', pictures, '--device', 'replay', '--out', run, ...small, ...how]
}

function mnas(args) {
  const started = performance.now()
  const ended = spawnSync(process.execPath, [program, ...args], { env, encoding: 'utf8', maxBuffer: 2 ** 30 })
  if (ended.status !== 0) throw new Error(`mnas ${args.join(' ')}: ${ended.stderr}`)
  return (performance.now() - started) / 1000
}

async function fill(run, trials) {
  const leased = await leaseRun(run)
  const store = await leased.resume(leased.existing.settings)
  addTrials(store, { until: trials, trained: options.trained, width, size })
  store.setState(asModelLeavesIt(store))
  store.close()
}

/** The state of the strategy `model` of a run whose trials it did not propose: it learns from those that were trained last. */
function asModelLeavesIt(store) {
  const [told, looked] = [store.toldCount(), 2000]
  const after = Math.max(0, told - looked)
  const trained = store
    .told({ after, limit: looked })
    .flatMap(({ status }, index) => (status === 'completed' ? [after + index] : []))
  const data = new Int32Array(mostKept).fill(-1)
  data.set(trained.slice(-learnedFrom))
  const { json } = store.state()
  // It has been fitted many times.
  return { json: { ...json, read: told, steps: firstSteps }, tensors: { kept: { dtype: 'int32', shape: [data.length], data } } }
}

function timeInTurn(commands, runs) {
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, { empty: [], full: [] }]))
  for (let round = 0; round < options.rounds; round++)
    for (const [name, args] of Object.entries(commands))
      for (const [which, run] of Object.entries(runs)) times[name][which].push(mnas(args(run)))
  return Object.fromEntries(
    Object.entries(times).map(([name, { empty, full }]) => [
      name,
      { full: round(median(full), 3), empty: round(median(empty), 3) },
    ]),
  )
}

/** The same trials in a run that is asked and told: its first measurements are those of the other. */
async function askedSeconds(filled) {
  const [empty, full] = ['asked-empty', 'asked-full'].map((name) => join(folder, name))
  newRun(empty, { program, env, size, width })
  cpSync(filled, full, { recursive: true })
  cpSync(join(empty, 'run.json'), join(full, 'run.json'))
  const times = {}
  for (const [which, run] of Object.entries({ empty, full })) times[which] = await timeAsked(run, { ...options, program, env })
  const of = (name) => ({ full: round(median(times.full[name]), 3), empty: round(median(times.empty[name]), 3) })
  return { ask: of('ask'), tell: of('tell'), askHeldMs: of('askHeldMs'), tellHeldMs: of('tellHeldMs') }
}

/** At each of --sizes, to which the run is filled. */
async function costsOfTrials(growing) {
  const costs = {}
  const run = join(folder, 'copy')
  for (const trials of options.sizes) {
    await fill(growing, trials)
    cpSync(growing, run, { recursive: true })
    costs[trials] = await costOfTrials(run, { trials: options.written, width, size })
    rmSync(run, { recursive: true })
  }
  return costs
}

function column(costs, name, digits) {
  return Object.fromEntries(Object.entries(costs).map(([size, cost]) => [size, round(cost[name], digits)]))
}

/** Of a genome as a strategy asks for it, and of the same one when its graph has to be lowered. */
function factsOfGenomes() {
  const random = randomOf(7)
  const space = spaceOf(1, 224)
  const genomeOf = genomesOf(space, random)
  const calibration = Array.from({ length: 9 }, () => {
    const graph = lower(space.decode(genomeOf()), classification)
    return { features: featuresOf(graph), latencyMs: 1 + graph.nodes.length / 40 + random() }
  })
  const { rows: _, ...whole } = space
  const nothingTimed = { timedTrials: () => [], latestMeasured: () => [] }
  const [parts, lowered] = [space, whole].map((one) => {
    const estimates = runEstimates(nothingTimed, genomeWork(one, featuresOf, classification), calibration, new Map(), null)
    return knownFacts(nothingTimed, one, estimates, new Map())
  })
  const genomes = Array.from({ length: 1000 }, genomeOf)
  for (const genome of [...genomes, ...genomes]) parts.of(genome)
  return {
    fromParts: round(median(genomes.map((_, first) => microsecondsEach(parts, genomes, first, 20))), 1),
    fromGraph: round(median(genomes.slice(0, 40).map((_, first) => microsecondsEach(lowered, genomes, first, 1))), 0),
  }
}

/** CPU time of `count` different genomes, by each. */
function microsecondsEach(facts, genomes, first, count) {
  const before = process.cpuUsage()
  for (let i = 0; i < count; i++) facts.of(genomes[(first + i) % genomes.length])
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2
}

function round(number, digits) {
  return Number(number.toFixed(digits))
}

function provenance() {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  return {
    date: new Date().toISOString(),
    commit: git('rev-parse', 'HEAD'),
    clean: git('status', '--porcelain') === '',
    machine: `${cpus()[0].model}, ${availableParallelism()} threads`,
    node: process.version,
    mnas: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
  }
}

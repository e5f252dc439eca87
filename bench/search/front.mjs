/**
 * Searches for a front, by hypervolume: our strategies and NSGA-II of Optuna. Cell by cell; what was computed stands in the file and is
 * not computed again.
 *
 *   node bench/search/front.mjs FILE.json --python PYTHON [--objectives peaks,weakest] [--methods model,evolution,random,nsga2,nsga2-20]
 *     [--trials 200] [--seeds 10]
 *
 * PYTHON has the packages of requirements.txt. The range is that of the product: the 10th to the 90th percentile of the latencies of 1,000
 * random networks. Every method has the same screen: a network slower than the range's end is told at once and does not count; one that is
 * known is told again and does not count. Observations are the values themselves. nsga2 has Optuna's population of 50, nsga2-20 one of 20.
 * The score is the hypervolume of what was observed (packages/plugin-search/src/hypervolume.ts: share of the range, reference point 0 at
 * its end), in hundredths; the interval is of the difference of two independent samples (Welch, 95 %).
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { memoryHistory } from '@mnas/core/testing'
import { growingHypervolume } from '../../packages/plugin-search/dist/hypervolume.js'
import front from '../../packages/plugin-search/dist/objectives/front-objective.js'
import evolution from '../../packages/plugin-search/dist/strategies/evolution-strategy.js'
import model from '../../packages/plugin-search/dist/strategies/model/model-strategy.js'
import random from '../../packages/plugin-search/dist/strategies/random-strategy.js'
import { provenance } from '../provenance.mjs'
import { openObjective } from './objectives/objectives.mjs'
import { randomGenomes } from './objectives/random.mjs'
import { difference, halfWidth, mean } from './statistics.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string', default: 'python3' },
    objectives: { type: 'string', default: 'peaks,weakest' },
    methods: { type: 'string', default: 'model,evolution,random,nsga2,nsga2-20' },
    trials: { type: 'string', default: '200' },
    seeds: { type: 'string', default: '10' },
  },
})
const [file] = positionals
if (!file) throw new Error('Expected the file of the results, received none: node bench/search/front.mjs FILE.json')
const trials = Number(values.trials)
const marks = [trials / 4, trials / 2, trials]
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => index + 1)
const [names, methods] = [values.objectives.split(','), values.methods.split(',')]
const metric = 'top1'
const fidelity = { epochs: 1, scheduleEpochs: 1, inputSize: 96, headFilters: 256 }
/** So many proposals in a row that are too slow or known end a search. */
const patience = 2000
const populations = { nsga2: 50, 'nsga2-20': 20 }
const factories = Object.fromEntries([random, evolution, model].map((factory) => [factory.name, factory]))

const result = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { ...provenance(`node bench/search/front.mjs ${process.argv.slice(3).join(' ')}`.trim()), cells: {} }
let peer = null
for (const seed of seeds)
  for (const name of names)
    for (const method of methods) {
      const cell = cellOf(name, method, seed)
      if (result.cells[cell]) continue
      result.cells[cell] = await searchOnce(method, await openObjective(name), seed)
      writeFileSync(`${file}.new`, `${JSON.stringify(result, null, 2)}\n`)
      renameSync(`${file}.new`, file)
    }
peer?.close()
for (const line of table()) console.log(line)

function cellOf(name, method, seed) {
  return [name, method, trials, seed].join(' ')
}

/** @returns hypervolumes at the marks, and the mean milliseconds of CPU that one of our proposals took */
async function searchOnce(method, objective, seed) {
  const { space, facts, value } = objective
  const rangeMs = rangeOf(objective)
  const objectiveAt = (targetMs) => front.create({ targetMs, metric, limits: {} })
  const goal = { kind: 'front', objective: objectiveAt(rangeMs[1]), rangeMs, objectiveAt }
  const history = memoryHistory(space)
  const context = { space, goal, metric, seed, trials, history, facts }
  const strategy = factories[method]?.create(context) ?? peerStrategy(populations[method], context)
  const grown = growingHypervolume(rangeMs)
  const volumes = []
  let cpuMs = 0
  for (let turned = 0; volumes.length < trials && turned < patience; ) {
    const before = process.cpuUsage()
    const [proposal] = await strategy.ask(1)
    const { user, system } = process.cpuUsage(before)
    cpuMs += (user + system) / 1000
    if (!proposal) break
    const { id, genome } = proposal
    const known = history.outcomeOf(genome)
    history.recordAsked([genome])
    const outcome = known ?? outcomeOf(goal, { trial: 1 + history.length, proposal: id, genome, facts: facts(genome) }, value)
    const counts = !known && outcome.status === 'completed'
    turned = counts ? 0 : turned + 1
    await strategy.tell([{ ...outcome, proposal: id }])
    history.recordTold([{ ...outcome, proposal: id }])
    if (counts) volumes.push(grown({ quality: outcome.values[0], latencyMs: outcome.values[1] }))
  }
  const at = (mark) => volumes[Math.min(mark, volumes.length) - 1]
  return {
    trials: volumes.length,
    hypervolumes: Object.fromEntries(marks.map((mark) => [mark, at(mark)])),
    cpuMs: cpuMs / trials,
  }
}

function outcomeOf({ objective }, told, value) {
  const { genome, facts } = told
  if (!objective.worthTraining(facts)) return { ...told, status: 'infeasible' }
  const metrics = { [metric]: value(genome) }
  const measured = { metrics, facts }
  const [values, reward] = [objective.values(measured), objective.reward(measured)]
  return { ...told, status: 'completed', estimate: { metrics, fidelity }, values, reward }
}

function rangeOf({ space, facts }) {
  const sorted = randomGenomes(space, 1000, 4)
    .map((genome) => facts(genome).latency.latencyMs)
    .sort((a, b) => a - b)
  return [sorted[100], sorted[899]]
}

/** By our contract, from the one process of front.py. */
function peerStrategy(population, { space, goal, seed }) {
  peer ??= serve()
  const decisions = space.decisions.map(({ name, choices }) => ({
    name,
    choices: choices.length,
    ordered: choices.every((choice) => typeof choice === 'number'),
  }))
  peer.send({ start: { seed, population, decisions } })
  let nextId = 0
  return {
    async ask() {
      const { genome } = await peer.answer({ ask: 1 })
      return [{ id: nextId++, genome: space.canonical(genome) }]
    },
    async tell([{ status, values: told, facts }]) {
      const { latencyMs } = facts.latency
      peer.send({
        tell: { quality: status === 'completed' ? told[0] : null, latencyMs, overrun: latencyMs / goal.rangeMs[1] - 1 },
      })
    },
  }
}

function serve() {
  const script = fileURLToPath(new URL('./peers/front.py', import.meta.url))
  const child = spawn(values.python, ['-u', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.on('error', (error) => {
    throw new Error(`Expected --python with the packages of requirements.txt, received "${values.python}": ${error.message}`)
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const send = (message) => child.stdin.write(`${JSON.stringify(message)}\n`)
  return {
    send,
    async answer(message) {
      send(message)
      const { value, done } = await lines.next()
      if (done) throw new Error(`Expected an answer of ${script}, received none`)
      return JSON.parse(value)
    },
    close: () => child.stdin.end(),
  }
}

function* table() {
  for (const name of names) {
    yield `${name}, hypervolume in hundredths after ${marks.join(' / ')} trials, ${seeds.length} seeds (mean ± half of its 95 % interval)`
    for (const method of methods) {
      const columns = marks.map((mark) => {
        const all = hundredths(name, method, mark)
        return `${mean(all).toFixed(2)} ± ${halfWidth(all).toFixed(2)}`
      })
      const cpu = mean(seeds.map((seed) => result.cells[cellOf(name, method, seed)].cpuMs))
      yield `  ${method}: ${columns.join(' / ')}${factories[method] ? `; ${cpu.toFixed(0)} ms CPU a trial` : ''}`
    }
    for (const method of methods.filter((one) => one !== 'model' && methods.includes('model'))) {
      const { at, from, to } = difference(hundredths(name, 'model', trials), hundredths(name, method, trials))
      yield `  model − ${method} after ${trials}: ${at.toFixed(2)} [${from.toFixed(2)}, ${to.toFixed(2)}]`
    }
  }
}

function hundredths(name, method, mark) {
  return seeds.map((seed) => 100 * result.cells[cellOf(name, method, seed)].hypervolumes[mark])
}

/**
 * Strategies and peers against each other, search by search; what was run stands in FOLDER, a file each, and is not run again.
 *
 *   node bench/search/run.mjs FOLDER [--stages hard,noise,…] [--part 1/2] [--python PYTHON]
 *   node bench/search/run.mjs FOLDER --objectives weakest --methods random,model --trials 12 --seeds 2 [--goal soft] [--noisy]
 *
 * Stages stand in runs.mjs, the most important first (default: all). With --part 1/2 and 2/2 two processes share the work. PYTHON
 * has the packages of requirements.txt (default: MNAS_SEARCH_PYTHON); without one the peers are left out, and said to be.
 * Every method has the same screen and hands over by the same rule (search-once.mjs). Tables: table.mjs.
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import evolution from '../../packages/plugin-search/dist/strategies/evolution-strategy.js'
import model from '../../packages/plugin-search/dist/strategies/model/model-strategy.js'
import ppo from '../../packages/plugin-search/dist/strategies/ppo/ppo-strategy.js'
import random from '../../packages/plugin-search/dist/strategies/random-strategy.js'
import { provenance } from '../provenance.mjs'
import { openObjective } from './objectives/objectives.mjs'
import { openPeers } from './peers.mjs'
import { nameOf, runsOf, stages } from './runs.mjs'
import { searchOnce } from './search-once.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stages: { type: 'string', default: stages.map(({ name }) => name).join() },
    part: { type: 'string', default: '1/1' },
    python: { type: 'string', default: process.env.MNAS_SEARCH_PYTHON },
    objectives: { type: 'string' },
    methods: { type: 'string', default: 'random,evolution,model' },
    trials: { type: 'string', default: '50' },
    seeds: { type: 'string', default: '10' },
    goal: { type: 'string', default: 'hard' },
    noisy: { type: 'boolean', default: false },
  },
})
const [folder] = positionals
if (!folder) throw new Error('Expected the folder of the results, received none: node bench/search/run.mjs FOLDER')
const [part, parts] = values.part.split('/').map(Number)
const peers = values.python ? openPeers(values.python) : null
const methods = {
  random: { factory: random },
  evolution: { factory: evolution },
  model: { factory: model },
  ppo: { factory: ppo, options: { preset: 'small' } },
  'ppo-paper': { factory: ppo, options: { preset: 'paper' } },
  ...(peers && Object.fromEntries(['tpe', 'nsga2', 'gp', 'smac'].map((name) => [name, { factory: peers.factoryOf(name) }]))),
}
const { commit, clean, date, machine, node } = provenance('')
const leftOut = new Set()

mkdirSync(folder, { recursive: true })
for (const [index, run] of [...wanted()].entries()) {
  const file = join(folder, `${nameOf(run)}.json`)
  if (index % parts !== part - 1 || existsSync(file)) continue
  const method = methods[run.method]
  if (!method) leftOut.add(run.method)
  else save(file, { ...run, ...(await timed(method, run)), commit, clean, date, machine, node })
}
peers?.close()
if (leftOut.size > 0) console.error(`Left out, for want of --python: ${[...leftOut].join(', ')}`)

function* wanted() {
  const listed = (name) => values[name].split(',')
  if (!values.objectives) {
    for (const stage of listed('stages')) yield* runsOf(stages.find(({ name }) => name === stage))
    return
  }
  const trials = Number(values.trials)
  const stage = { objectives: listed('objectives'), goal: values.goal, noisy: [values.noisy], seeds: Number(values.seeds) }
  for (const run of runsOf({ ...stage, methods: listed('methods') }, [{ trials, marks: [trials] }])) yield run
}

async function timed(method, run) {
  const objective = await openObjective(run.objective)
  const before = process.cpuUsage()
  const { peerCpuSeconds, ...found } = await searchOnce(method, objective, run)
  const { user, system } = process.cpuUsage(before)
  const cpuSeconds = Number(((user + system) / 1e6 + peerCpuSeconds).toFixed(1))
  console.log(`${nameOf(run)}: ${Object.values(found.marks).map(({ handedOver }) => handedOver)} (${cpuSeconds} s)`)
  return { ...found, cpuSeconds }
}

/** At once or not at all: a bench that is stopped goes on from here. */
function save(file, result) {
  writeFileSync(`${file}.new`, `${JSON.stringify(result)}\n`)
  renameSync(`${file}.new`, file)
}

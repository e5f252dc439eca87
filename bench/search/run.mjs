/**
 * Strategies against each other, cell by cell; what was computed stands in the file and is not computed again.
 *
 *   node bench/search/run.mjs FILE.json [--objectives pairs,cliff,macro] [--strategies random,evolution,model] [--trials 50,100,200]
 *     [--noise no,yes] [--seeds 10]
 *
 * A cell is an objective, a strategy, a number of trials, noise or none, and a seed (1, 2, …). Every strategy has the same screen and hands
 * over by the same rule (search-once.mjs); the score is the noise-free value of the network handed over. The table shows means over the
 * seeds in hundredths, with half the width of the 95 % interval of the mean (normal).
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import evolution from '../../packages/plugin-search/dist/strategies/evolution-strategy.js'
import model from '../../packages/plugin-search/dist/strategies/model/model-strategy.js'
import random from '../../packages/plugin-search/dist/strategies/random-strategy.js'
import { provenance } from '../provenance.mjs'
import { objectives } from './objectives/objectives.mjs'
import { searchOnce } from './search-once.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    objectives: { type: 'string', default: 'pairs,cliff,macro' },
    strategies: { type: 'string', default: 'random,evolution,model' },
    trials: { type: 'string', default: '50,100,200' },
    noise: { type: 'string', default: 'no,yes' },
    seeds: { type: 'string', default: '10' },
  },
})
const [file] = positionals
if (!file) throw new Error('Expected the file of the results, received none: node bench/search/run.mjs FILE.json')
const wanted = Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.split(',')]))
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => index + 1)
const factories = Object.fromEntries([random, evolution, model].map((factory) => [factory.name, factory]))

const result = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { ...provenance(`node bench/search/run.mjs ${process.argv.slice(3).join(' ')}`.trim()), cells: {} }

for (const seed of seeds)
  for (const name of wanted.objectives)
    for (const trials of wanted.trials.map(Number))
      for (const noise of wanted.noise)
        for (const strategy of wanted.strategies) {
          const cell = [name, strategy, trials, noise, seed].join(' ')
          if (result.cells[cell]) continue
          const objective = objectives.find((one) => one.name === name)
          result.cells[cell] = await searchOnce(factories[strategy], objective, { trials, seed, noisy: noise === 'yes' })
          save()
        }
for (const line of table()) console.log(line)

/** At once or not at all: a bench that is stopped goes on from here. */
function save() {
  writeFileSync(`${file}.new`, `${JSON.stringify(result, null, 2)}\n`)
  renameSync(`${file}.new`, file)
}

function* table() {
  yield 'objective strategy trials noise: handed over (best observed, pick); ms CPU a proposal, the last ten'
  for (const name of wanted.objectives)
    for (const noise of wanted.noise)
      for (const trials of wanted.trials)
        for (const strategy of wanted.strategies) {
          const cells = seeds.map((seed) => result.cells[[name, strategy, trials, noise, seed].join(' ')])
          const of = (field) => meanOf(cells.map((cell) => cell[field]))
          const [score, observed, pick] = ['handedOver', 'bestObserved', 'pick'].map((field) => (100 * of(field)).toFixed(2))
          const half = (196 * sdOf(cells.map((cell) => cell.handedOver))) / Math.sqrt(cells.length)
          const cpu = `${of('cpuMs').toFixed(0)}, ${of('lastCpuMs').toFixed(0)} ms`
          yield `${name} ${strategy} ${trials} ${noise}: ${score} ± ${half.toFixed(2)} (${observed}, ${pick}); ${cpu}`
        }
}

function meanOf(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

function sdOf(numbers) {
  const mean = meanOf(numbers)
  return Math.sqrt(numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0) / Math.max(1, numbers.length - 1))
}

/**
 * CPU time of one update of the strategy `ppo` in our space: 10 networks of 42 decisions, 4 steps of Adam, which choices act included; the
 * median of so many updates behind one that warms up.
 *
 *   node bench/search/ppo-update.mjs [UPDATES]     default 15; ends with 1 above 1 s
 */
import { unroll } from '../../packages/plugin-search/dist/strategies/ppo/controller.js'
import { controllerLayout } from '../../packages/plugin-search/dist/strategies/ppo/controller-layout.js'
import { learn } from '../../packages/plugin-search/dist/strategies/ppo/learn.js'
import { ppoPresets } from '../../packages/plugin-search/dist/strategies/ppo/ppo-presets.js'
import { pairsObjective } from './objectives/pairs.mjs'
import { randomGenomes, randomOf } from './objectives/random.mjs'

const limitMs = 1000
const updates = Number(process.argv[2] ?? 15)
const { space, value } = pairsObjective
const settings = ppoPresets.small
const layout = controllerLayout({ choices: space.decisions.map(({ choices }) => choices.length), embedding: 32, units: 100 })
const { uniform } = randomOf(1)
const zeros = () => new Float32Array(layout.length)
const weights = Float32Array.from({ length: layout.length }, () => 0.2 * uniform() - 0.1)
let state = { learned: { weights, mean: zeros(), square: zeros(), steps: 0 }, baseline: null }

const took = []
for (let update = 0; update <= updates; update++) {
  const batch = randomGenomes(space, settings.networks, update).map((genome) => {
    const steps = unroll(layout, state.learned.weights, (_, t) => genome[t])
    return { genome, logarithms: steps.map(({ logarithms, choice }) => logarithms[choice]), reward: value(genome) }
  })
  const before = process.cpuUsage()
  state = learn(space, layout, state.learned, batch, state.baseline, settings)
  const { user, system } = process.cpuUsage(before)
  if (update > 0) took.push((user + system) / 1000)
}
const median = took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)]
console.log(`${layout.length} weights: ${median.toFixed(0)} ms CPU an update, at most ${Math.max(...took).toFixed(0)} ms`)
if (median > limitMs) process.exitCode = 1

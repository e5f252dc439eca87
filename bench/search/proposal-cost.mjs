/**
 * CPU time of a proposal of the strategy `model` in our space, facts included, behind so many trained networks. They are random ones within the
 * budget that the strategy did not ask for; the median of ten proposals, each told before the next. The first, which makes the features' scales
 * and fits three times over, stands apart.
 *
 *   node bench/search/proposal-cost.mjs [TRIALS …]     default 50 100 200 1000; ends with 1 above 200 ms at 200 or 500 ms at 1,000
 */
import { memoryHistory } from '@mnas/core/testing'
import hard from '../../packages/plugin-search/dist/objectives/hard-objective.js'
import model from '../../packages/plugin-search/dist/strategies/model/model-strategy.js'
import { pairsObjective } from './objectives/pairs.mjs'
import { randomGenomes, randomOf } from './objectives/random.mjs'

const { space, facts, targetMs, observe } = pairsObjective
const limitsMs = { 200: 200, 1000: 500 }
const proposals = 10
const fidelity = { epochs: 1, scheduleEpochs: 1, inputSize: 96, headFilters: 256 }
const goal = hard.create({ targetMs, metric: 'top1', limits: {} })
const trained = randomGenomes(space, 6000, 5).filter((genome) => goal.worthTraining(facts(genome)))

for (const trials of process.argv.length > 2 ? process.argv.slice(2).map(Number) : [50, 100, 200, 1000]) {
  const [first, ...others] = await costs(trials)
  const median = others.toSorted((a, b) => a - b)[Math.floor(others.length / 2)]
  console.log(`${trials} trials: ${median.toFixed(0)} ms CPU a proposal, the first ${first.toFixed(0)} ms`)
  if (median > (limitsMs[trials] ?? Number.POSITIVE_INFINITY)) process.exitCode = 1
}

async function costs(trials) {
  const random = randomOf(trials)
  const history = memoryHistory(space)
  const strategy = model.create({
    space,
    goal: { kind: 'best', objective: goal },
    metric: 'top1',
    seed: 1,
    trials,
    history,
    facts,
  })
  const tell = async (proposal, genome) => {
    const known = facts(genome)
    const top1 = observe(genome, random)
    const told = {
      trial: 1 + history.length,
      proposal,
      genome,
      facts: known,
      values: [top1, known.latency.latencyMs],
      reward: top1,
    }
    const outcome = { ...told, status: 'completed', estimate: { metrics: { top1 }, fidelity } }
    await strategy.tell([outcome])
    history.recordTold([outcome])
  }
  for (const genome of trained.slice(0, trials)) await tell(null, genome)
  const took = []
  for (let proposal = 0; proposal <= proposals; proposal++) {
    const before = process.cpuUsage()
    const [{ id, genome }] = await strategy.ask(1)
    const { user, system } = process.cpuUsage(before)
    took.push((user + system) / 1000)
    history.recordAsked([genome])
    await tell(id, genome)
  }
  return took
}

import { memoryHistory } from '@mnas/core/testing'
import hard from '../../packages/plugin-search/dist/objectives/hard-objective.js'
import { randomOf } from './objectives/random.mjs'

const metric = 'top1'
const fidelity = { epochs: 1, scheduleEpochs: 1, inputSize: 96, headFilters: 256 }
/** So many proposals in a row that are too slow end a search, as they end one of the product. */
const patience = 2000
const confirmed = 3

/**
 * One search with a hard budget. A network known to be too slow is told at once and does not count. Then the three best are observed
 * once more, and the one with the best mean of both is handed over: by posterior mean where the strategy has one, else by observation.
 * @param factory of a strategy, by our contract
 * @param trials networks that are observed
 * @param noisy observations, else the values themselves
 * @returns noise-free values of the network handed over, of the best observed and of the strategy's pick; milliseconds of CPU that a
 *   proposal took on average and the last ten did
 */
export async function searchOnce(factory, objective, { trials, seed, noisy }) {
  const { space, facts, targetMs, value } = objective
  const random = randomOf(1000 + seed)
  const observe = noisy ? (genome) => objective.observe(genome, random) : value
  const goal = hard.create({ targetMs, metric, limits: {} })
  const history = memoryHistory(space)
  const strategy = factory.create({ space, goal: { kind: 'best', objective: goal }, metric, seed, trials, history, facts })
  const observed = []
  const cpuMs = []
  for (let turned = 0; observed.length < trials && turned < patience; ) {
    const before = process.cpuUsage()
    const [proposal] = await strategy.ask(1)
    const { user, system } = process.cpuUsage(before)
    if (!proposal) break
    cpuMs.push((user + system) / 1000)
    const { id, genome } = proposal
    history.recordAsked([genome])
    const known = facts(genome)
    const told = { trial: 1 + history.length, proposal: id, genome, facts: known }
    const outcome = goal.worthTraining(known) ? completed(told, observe(genome)) : { ...told, status: 'infeasible' }
    turned = outcome.status === 'completed' ? 0 : turned + 1
    if (outcome.status === 'completed') observed.push({ genome, metric: outcome.reward })
    await strategy.tell([outcome])
    history.recordTold([outcome])
  }
  const byObservation = observed.toSorted((a, b) => b.metric - a.metric)
  const byStrategy = strategy.recommend?.(confirmed) ?? byObservation.slice(0, confirmed).map(({ genome }) => genome)
  return {
    trials: observed.length,
    handedOver: value(handedOver(byStrategy, observed, observe)),
    bestObserved: value(byObservation[0].genome),
    pick: value(byStrategy[0]),
    cpuMs: mean(cpuMs),
    lastCpuMs: mean(cpuMs.slice(-10)),
  }
}

function completed(told, accuracy) {
  const metrics = { [metric]: accuracy }
  const values = [accuracy, told.facts.latency.latencyMs]
  return { ...told, status: 'completed', estimate: { metrics, fidelity }, values, reward: accuracy }
}

function handedOver(candidates, observed, observe) {
  const means = candidates.map((genome) => {
    const first = observed.find((one) => one.genome.join() === genome.join()).metric
    return (first + observe(genome)) / 2
  })
  return candidates[means.indexOf(Math.max(...means))]
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length

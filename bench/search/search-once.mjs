import { memoryHistory } from '@mnas/core/testing'
import hard from '../../packages/plugin-search/dist/objectives/hard-objective.js'
import soft from '../../packages/plugin-search/dist/objectives/soft-objective.js'
import { randomOf } from './objectives/random.mjs'

const metric = 'top1'
const fidelity = { epochs: 1, scheduleEpochs: 1, inputSize: 96, headFilters: 256 }
/** So many proposals in a row that are too slow end a search, as they end one of the product. */
const patience = 2000
const confirmed = 3
const curveEvery = 10
const objectives = { hard, soft }

/**
 * One search. A network known to be too slow is told at once and does not count. After each of the marked numbers of trials the
 * three best are observed once more, and the one with the best mean of both is handed over: by posterior mean where the strategy
 * has one, else by observation. What these observations say, the search does not learn.
 * @param {{ factory: any, options?: any }} method a factory of strategies, by our contract, and its options
 * @param goal hard or soft
 * @param trials networks that are observed
 * @param marks numbers of trials, the last of them `trials`
 * @param noisy observations, else the values themselves
 * @returns noise-free scores: at each mark of the network handed over, of the best observed and of the strategy's pick; of the best
 *   observed after every ten trials; milliseconds of CPU that a proposal took on average and the last ten did; seconds of CPU that
 *   the process of a peer took beside
 */
export async function searchOnce({ factory, options }, objective, { goal, trials, marks, seed, noisy }) {
  const { space, facts, targetMs, value } = objective
  const wanted = objectives[goal].create({ targetMs, metric, limits: {} })
  const history = memoryHistory(space)
  const strategy = factory.create({
    space,
    goal: { kind: 'best', objective: wanted },
    metric,
    seed,
    trials,
    options,
    history,
    facts,
    targetMs,
  })
  const rewardOf = (genome, accuracy) => wanted.reward({ metrics: { [metric]: accuracy }, facts: facts(genome) })
  const scoreOf = (genome) => rounded(rewardOf(genome, value(genome)))
  const observedBy = (random) => (genome) => (noisy ? objective.observe(genome, random) : value(genome))
  const observe = observedBy(randomOf(1000 + seed))
  const observed = []
  const handedAt = (mark) => {
    // Its own draws: how a search goes on does not depend on where it is looked at.
    const again = observedBy(randomOf(1_000_000 + 1000 * mark + seed))
    return handOver(strategy, observed, (genome) => rewardOf(genome, again(genome)), scoreOf)
  }
  const [curve, cpuMs] = [[], []]
  /** @type {Record<number, ReturnType<typeof handOver>>} */
  const atMarks = {}
  for (let turned = 0; observed.length < trials && turned < patience; ) {
    const before = process.cpuUsage()
    const [proposal] = await strategy.ask(1)
    const { user, system } = process.cpuUsage(before)
    if (!proposal) break
    cpuMs.push((user + system) / 1000)
    const { id, genome } = proposal
    history.recordAsked([genome])
    const told = { trial: 1 + history.length, proposal: id, genome, facts: facts(genome) }
    const worth = wanted.worthTraining(told.facts)
    const accuracy = worth ? observe(genome) : 0
    const reward = rewardOf(genome, accuracy)
    const outcome = worth ? completed(told, accuracy, reward) : { ...told, status: 'infeasible' }
    turned = worth ? 0 : turned + 1
    await strategy.tell([outcome])
    history.recordTold([outcome])
    if (!worth) continue
    observed.push({ genome, reward })
    if (observed.length % curveEvery === 0) curve.push(scoreOf(bestOf(observed)[0]))
    if (marks.includes(observed.length)) atMarks[observed.length] = handedAt(observed.length)
  }
  // A search that ended before its time hands over what it has.
  for (const mark of marks) atMarks[mark] ??= handedAt(mark)
  return {
    trials: observed.length,
    cpuMs: rounded(mean(cpuMs), 1),
    lastCpuMs: rounded(mean(cpuMs.slice(-10)), 1),
    marks: atMarks,
    curve,
    peerCpuSeconds: strategy.cpuSeconds?.() ?? 0,
  }
}

function handOver(strategy, observed, observeAgain, scoreOf) {
  const best = bestOf(observed)
  const candidates = strategy.recommend?.(confirmed) ?? best.slice(0, confirmed)
  const means = candidates.map((genome) => {
    const first = observed.find((one) => one.genome.join() === genome.join()).reward
    return (first + observeAgain(genome)) / 2
  })
  const handed = candidates[means.indexOf(Math.max(...means))]
  return { handedOver: scoreOf(handed), bestObserved: scoreOf(best[0]), pick: scoreOf(candidates[0]) }
}

function completed(told, accuracy, reward) {
  const values = [accuracy, told.facts.latency.latencyMs]
  return { ...told, status: 'completed', estimate: { metrics: { [metric]: accuracy }, fidelity }, values, reward }
}

/** Genomes by observation, the best first. */
const bestOf = (observed) => observed.toSorted((a, b) => b.reward - a.reward).map(({ genome }) => genome)
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
const rounded = (number, digits = 6) => Number(number.toFixed(digits))

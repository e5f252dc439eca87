import type { Genome, SearchGoal, SearchSpace, StrategyFactory } from '@mnas/core/contracts'
import { memoryHistory } from '@mnas/core/testing'
import { expect, it } from 'vitest'
import { growingHypervolume } from '#internal/hypervolume.js'
import front from '#internal/objectives/front-objective.js'
import { closeness } from '#internal/strategies/model/closeness.js'
import model from '#internal/strategies/model/model-strategy.js'
import random from '#internal/strategies/random-strategy.js'
import { factsAt, fidelity } from '../support/made-up-trials.js'

const never = () => {
  throw new Error('strategies do not look at architectures')
}
/** Ten decisions of four choices. */
const space: SearchSpace = {
  name: 'made up',
  decisions: Array.from({ length: 10 }, (_, d) => ({ name: `block${d}.kernel`, choices: [0, 1, 2, 3] })),
  canonical: (genome) => genome,
  decode: never,
  encode: never,
  smallest: () => Array.from({ length: 10 }, () => 0),
}
const sum = (genome: Genome) => genome.reduce((total, value) => total + value, 0)
const rangeMs = [10, 20] as const
/** More work takes longer; what it is worth differs from decision to decision, and a neighbour that is like one adds to it. */
const accuracy = (genome: Genome) =>
  0.5 + genome.reduce((total, value, d) => total + 0.01 * value * (d % 3) + (value === genome[d - 1] ? 0.01 : 0), 0)
const objectiveAt = (targetMs: number) => front.create({ targetMs, metric: 'top1', limits: {} })
const goal: SearchGoal = { kind: 'front', objective: objectiveAt(rangeMs[1]), rangeMs, objectiveAt }

/** @returns the hypervolume in the end, and latencies in the order of training */
async function searched(factory: StrategyFactory, seed: number) {
  const history = memoryHistory(space)
  const facts = (genome: Genome) => factsAt(5 + sum(genome) / 1.5)
  const strategy = factory.create({ space, goal, metric: 'top1', seed, trials: 30, history, facts })
  const grown = growingHypervolume(rangeMs)
  const latencies: number[] = []
  let volume = 0
  while (latencies.length < 30) {
    const [{ id, genome }] = (await strategy.ask(1)) as [{ readonly id: number; readonly genome: Genome }]
    const { latencyMs } = facts(genome).latency
    expect(latencyMs).toBeLessThanOrEqual(rangeMs[1])
    const metrics = { top1: accuracy(genome) }
    const told = { trial: 1 + history.length, proposal: id, genome, facts: facts(genome) }
    const values = [metrics.top1, latencyMs]
    history.recordAsked([genome])
    const outcome = { ...told, status: 'completed', estimate: { metrics, fidelity }, values, reward: metrics.top1 } as const
    await strategy.tell([outcome])
    history.recordTold([outcome])
    volume = grown({ quality: metrics.top1, latencyMs })
    latencies.push(latencyMs)
  }
  return { volume, latencies }
}

it('the model searches a front over its whole range, and finds a better one than random draws', async () => {
  for (const seed of [1, 2]) {
    const [ours, theirs] = [await searched(model, seed), await searched(random, seed)]
    expect(ours.volume).toBeGreaterThan(theirs.volume)
    const picked = ours.latencies.slice(10)
    expect(picked.some((ms) => ms < 14)).toBe(true)
    expect(picked.some((ms) => ms > 17)).toBe(true)
  }
})

it('ranks what is best for one target before what is best for none', () => {
  const [accurate, fast, neither] = [
    [9, 1],
    [2, 8],
    [8, 7],
  ]
  const near = closeness([accurate, fast, neither], [(one) => one![0]!, (one) => one![1]!])
  expect(near).toEqual([0, 0, -1])
})

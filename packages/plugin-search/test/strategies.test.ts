import type { Genome, Json, SearchSpace, Strategy, StrategyContext, StrategyFactory, TrialOutcome } from '@mnas/core/contracts'
import { hashJson } from '@mnas/core/files'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import evolution, { evolutionSizes } from '../dist/strategies/evolution-strategy.js'
import random from '../dist/strategies/random-strategy.js'

/** Decisions whose last one does not act when the first is 0. */
function spaceOf(choices: readonly number[]): SearchSpace {
  const canonical = (genome: Genome): Genome =>
    genome.map((value, index) => (index > 0 && index === genome.length - 1 && genome[0] === 0 ? 0 : value))
  return {
    name: 'toy',
    decisions: choices.map((count, index) => ({
      name: `d${index}`,
      choices: Array.from({ length: count }, (_, choice) => choice),
    })),
    canonical,
    decode: () => {
      throw new Error('strategies do not decode')
    },
    encode: () => {
      throw new Error('strategies do not encode')
    },
    smallest: () => choices.map(() => 0),
  }
}

const facts = {
  latency: { latencyMs: 1, source: 'measured', relativeError: 0 },
  costs: { parameters: 1, macs: 1, peakMemoryBytes: 1 },
} as const
const contextOf = (space: SearchSpace, seed: number, trials = 40): StrategyContext => ({
  space,
  seed,
  trials,
  objective: { name: 'sum', reward: () => 0, worthTraining: () => true },
  facts: () => facts,
})
const rewardOf = (genome: Genome) => genome.reduce((sum, value) => sum + value, 0) / 100
const outcomeOf = (proposal: number, genome: Genome): TrialOutcome => {
  // Some candidates are too slow, some fail.
  const kind = Number.parseInt(hashJson(genome).slice(0, 2), 16) % 5
  if (kind === 0) return { proposal, genome, facts, status: 'infeasible' }
  if (kind === 1) return { proposal, genome, facts, status: 'failed', error: { code: 'X', message: 'x', exitCode: 6 } }
  const fidelity = { epochs: 1, scheduleEpochs: 1, inputSize: 32, headFilters: 256 }
  return { proposal, genome, facts, status: 'completed', estimate: { metrics: {}, fidelity }, reward: rewardOf(genome) }
}
function drive(strategy: Strategy, steps: number): readonly Genome[] {
  const asked: Genome[] = []
  for (let step = 0; step < steps; step++) {
    const proposals = strategy.ask(1)
    if (proposals.length === 0) break
    for (const { id, genome } of proposals) {
      asked.push(genome)
      strategy.tell([outcomeOf(id, genome)])
    }
  }
  return asked
}

const factories: readonly StrategyFactory[] = [random, evolution]
describe.each(factories.map((factory) => [factory.name, factory] as const))('%s', (_, factory) => {
  it('goes on from its stored state as if it had never stopped', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat({ max: 30 }), (seed, stop) => {
        const space = spaceOf([4, 3, 5, 2, 3, 6])
        const uninterrupted = drive(factory.create(contextOf(space, seed)), 60)
        const before = factory.create(contextOf(space, seed))
        const first = drive(before, stop)
        const state = JSON.parse(JSON.stringify(before.state())) as Json
        const after = factory.create(contextOf(space, seed + 1))
        after.restore(state)
        expect([...first, ...drive(after, 60 - stop)]).toEqual(uninterrupted)
      }),
      { numRuns: 30 },
    )
  })

  it('proposes every canonical genome of a small space once and then nothing', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const space = spaceOf([2, 3, 2])
        const asked = drive(factory.create(contextOf(space, seed)), 100)
        // Of 2 · 3 · 2 genomes those with the first decision 0 fall together in pairs.
        expect(new Set(asked.map(String)).size).toBe(asked.length)
        expect(asked).toHaveLength(9)
        for (const genome of asked) expect(space.canonical(genome)).toEqual(genome)
      }),
      { numRuns: 20 },
    )
  })

  it('does not propose what it was told of', () => {
    const space = spaceOf([2, 2])
    const strategy = factory.create(contextOf(space, 1))
    strategy.tell([{ ...outcomeOf(0, [1, 1]), proposal: null }])
    expect(drive(strategy, 10).map(String).sort()).toEqual(['0,0', '1,0'])
  })

  it('gives several proposals at once, all different', () => {
    const proposals = factory.create(contextOf(spaceOf([5, 5, 5]), 3)).ask(20)
    expect(new Set(proposals.map(({ genome }) => String(genome))).size).toBe(20)
    expect(proposals.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, id) => id))
  })

  it('refuses a state that is not its own', () => {
    const strategy = factory.create(contextOf(spaceOf([2]), 1))
    expect(() => strategy.restore({ random: 'x' })).toThrow(expect.objectContaining({ code: 'MNAS_SEARCH_STATE' }))
  })
})

describe('evolution', () => {
  it('finds better candidates than random draws on the same budget', () => {
    const space = spaceOf(Array.from({ length: 20 }, () => 4))
    const best = (factory: StrategyFactory, seed: number) =>
      Math.max(...drive(factory.create(contextOf(space, seed, 200)), 200).map((genome) => rewardOf(genome)))
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8]
    const wins = seeds.filter((seed) => best(evolution, seed) > best(random, seed))
    expect(wins.length).toBeGreaterThanOrEqual(7)
  })

  it('sizes its population to the budget', () => {
    expect(evolutionSizes(10)).toEqual({ populationSize: 4, sampleSize: 2 })
    expect(evolutionSizes(40)).toEqual({ populationSize: 10, sampleSize: 2 })
    expect(evolutionSizes(1000)).toEqual({ populationSize: 50, sampleSize: 10 })
    expect(evolutionSizes(undefined)).toEqual({ populationSize: 20, sampleSize: 4 })
  })
})

import type { Genome, SearchSpace, StrategyContext, StrategyFactory, StrategyState, TrialOutcome } from '@mnas/core/contracts'
import { hashJson } from '@mnas/core/files'
import { type MemoryHistory, memoryHistory } from '@mnas/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import evolution, { evolutionSizes } from '#internal/strategies/evolution-strategy.js'
import random from '#internal/strategies/random-strategy.js'

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
  sizeBytes: null,
} as const
const contextOf = (space: SearchSpace, seed: number, history: MemoryHistory, trials = 40): StrategyContext => ({
  space,
  seed,
  trials,
  metric: 'top1',
  history,
  goal: {
    kind: 'best',
    objective: {
      name: 'sum',
      axes: [{ name: 'sum', better: 'more' }],
      values: () => [0],
      reward: () => 0,
      worthTraining: () => true,
    },
  },
  facts: () => facts,
})
const rewardOf = (genome: Genome) => genome.reduce((sum, value) => sum + value, 0) / 100
const outcomeOf = (proposal: number | null, genome: Genome): TrialOutcome => {
  const told = { trial: 1, proposal, genome, facts }
  // Some candidates are too slow, some fail.
  const kind = Number.parseInt(hashJson(genome).slice(0, 2), 16) % 5
  if (kind === 0) return { ...told, status: 'infeasible' }
  if (kind === 1) return { ...told, status: 'failed', error: { code: 'X', message: 'x', exitCode: 6 } }
  const fidelity = { epochs: 1, scheduleEpochs: 1, inputSize: 32, headFilters: 256 }
  const reward = rewardOf(genome)
  return { ...told, status: 'completed', estimate: { metrics: {}, fidelity }, values: [reward], reward }
}

/** A strategy and the history that it reads. */
function start(factory: StrategyFactory, space: SearchSpace, seed: number, trials?: number, from?: MemoryHistory) {
  const history = from ?? memoryHistory(space)
  return { history, strategy: factory.create(contextOf(space, seed, history, trials)) }
}
async function drive({ strategy, history }: ReturnType<typeof start>, steps: number): Promise<readonly Genome[]> {
  const asked: Genome[] = []
  for (let step = 0; step < steps; step++) {
    const proposals = await strategy.ask(1)
    if (proposals.length === 0) break
    history.recordAsked(proposals.map(({ genome }) => genome))
    for (const { id, genome } of proposals) {
      asked.push(genome)
      const outcomes = [outcomeOf(id, genome)]
      await strategy.tell(outcomes)
      history.recordTold(outcomes)
    }
  }
  return asked
}

const factories: readonly StrategyFactory[] = [random, evolution]
describe.each(factories.map((factory) => [factory.name, factory] as const))('%s', (_, factory) => {
  it('goes on from its stored state and the history as if it had never stopped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.nat({ max: 30 }), async (seed, stop) => {
        const space = spaceOf([4, 3, 5, 2, 3, 6])
        const uninterrupted = await drive(start(factory, space, seed), 60)
        const before = start(factory, space, seed)
        const first = await drive(before, stop)
        const state = JSON.parse(JSON.stringify(before.strategy.state())) as StrategyState
        const after = start(factory, space, seed + 1, undefined, before.history.copy())
        after.strategy.restore(state)
        expect([...first, ...(await drive(after, 60 - stop))]).toEqual(uninterrupted)
      }),
      { numRuns: 30 },
    )
  })

  it('proposes every canonical genome of a small space once and then nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const space = spaceOf([2, 3, 2])
        const asked = await drive(start(factory, space, seed), 100)
        // Of 2 · 3 · 2 genomes those with the first decision 0 fall together in pairs.
        expect(new Set(asked.map(String)).size).toBe(asked.length)
        expect(asked).toHaveLength(9)
        for (const genome of asked) expect(space.canonical(genome)).toEqual(genome)
      }),
      { numRuns: 20 },
    )
  })

  it('does not propose what it was told of', async () => {
    const run = start(factory, spaceOf([2, 2]), 1)
    const outcomes = [outcomeOf(null, [1, 1])]
    await run.strategy.tell(outcomes)
    run.history.recordTold(outcomes)
    expect((await drive(run, 10)).map(String).sort()).toEqual(['0,0', '1,0'])
  })

  it('gives several proposals at once, all different', async () => {
    const proposals = await start(factory, spaceOf([5, 5, 5]), 3).strategy.ask(20)
    expect(new Set(proposals.map(({ genome }) => String(genome))).size).toBe(20)
    expect(proposals.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, id) => id))
  })

  it('refuses a state that is not its own', () => {
    const { strategy } = start(factory, spaceOf([2]), 1)
    expect(() => strategy.restore({ json: { random: 'x' } })).toThrow(expect.objectContaining({ code: 'MNAS_SEARCH_STATE' }))
  })
})

describe('evolution', () => {
  it('finds better candidates than random draws on the same budget', async () => {
    const space = spaceOf(Array.from({ length: 20 }, () => 4))
    const best = async (factory: StrategyFactory, seed: number) =>
      Math.max(...(await drive(start(factory, space, seed, 200), 200)).map((genome) => rewardOf(genome)))
    let wins = 0
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) if ((await best(evolution, seed)) > (await best(random, seed))) wins++
    expect(wins).toBeGreaterThanOrEqual(7)
  })

  it('begins with the candidates of a history that it did not ask for', async () => {
    const space = spaceOf(Array.from({ length: 12 }, () => 4))
    const known = memoryHistory(space)
    await drive(start(random, space, 5, 40, known), 40)
    const { strategy } = start(evolution, space, 1, 40, known)
    const [proposal] = await strategy.ask(1)
    const differences = (a: Genome, b: Genome) => a.filter((value, index) => value !== b[index]).length
    const parents = [...known.outcomes()].map(({ genome }) => genome)
    expect(Math.min(...parents.map((parent) => differences(parent, proposal!.genome)))).toBe(1)
  })

  it('sizes its population to the budget', () => {
    expect(evolutionSizes(10)).toEqual({ populationSize: 4, sampleSize: 2 })
    expect(evolutionSizes(40)).toEqual({ populationSize: 10, sampleSize: 2 })
    expect(evolutionSizes(1000)).toEqual({ populationSize: 50, sampleSize: 10 })
    expect(evolutionSizes(undefined)).toEqual({ populationSize: 20, sampleSize: 4 })
  })
})

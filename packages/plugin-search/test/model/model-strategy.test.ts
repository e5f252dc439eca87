import type { Facts, Genome, ObjectiveFactory, SearchSpace, StrategyContext, StrategyFactory } from '@mnas/core/contracts'
import { type MemoryHistory, memoryHistory } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'
import hard from '#internal/objectives/hard-objective.js'
import soft from '#internal/objectives/soft-objective.js'
import { latencyBudget } from '#internal/strategies/model/latency-budget.js'
import model, { startTrials } from '#internal/strategies/model/model-strategy.js'
import { type Kept, observations } from '#internal/strategies/model/observations.js'
import random from '#internal/strategies/random-strategy.js'

/** So many decisions of as many choices, all of which act. */
function spaceOf(decisions: number, choices: number): SearchSpace {
  const never = () => {
    throw new Error('strategies do not decode')
  }
  return {
    name: 'made up',
    decisions: Array.from({ length: decisions }, (_, d) => ({
      name: `block${d}.kernel`,
      choices: Array.from({ length: choices }, (_, choice) => choice),
    })),
    canonical: (genome) => genome,
    decode: never,
    encode: never,
    smallest: () => Array.from({ length: decisions }, () => 0),
  }
}
const factsAt = (latencyMs: number): Facts => ({
  latency: { latencyMs, source: 'measured', relativeError: 0 },
  costs: { parameters: 1000 * latencyMs, macs: 1e6 * latencyMs, peakMemoryBytes: 1 },
  sizeBytes: null,
})

interface MadeUp {
  readonly space: SearchSpace
  readonly latencyMs: (genome: Genome) => number
  readonly accuracy: (genome: Genome) => number
  readonly targetMs: number
  readonly objective?: ObjectiveFactory
  readonly trials?: number
}

/** A search that trains nothing. */
class MadeUpSearch {
  readonly strategy: ReturnType<StrategyFactory['create']>
  readonly context: StrategyContext

  constructor(
    readonly madeUp: MadeUp,
    readonly factory: StrategyFactory,
    readonly seed: number,
    readonly history: MemoryHistory = memoryHistory(madeUp.space),
  ) {
    const { space, latencyMs, targetMs, trials = 40 } = madeUp
    const objective = (madeUp.objective ?? hard).create({ targetMs, metric: 'top1', limits: {} })
    const facts = (genome: Genome) => factsAt(latencyMs(genome))
    this.context = { space, goal: { kind: 'best', objective }, metric: 'top1', seed, trials, history, facts }
    this.strategy = factory.create(this.context)
  }

  async ask(n: number) {
    const proposals = await this.strategy.ask(n)
    this.history.recordAsked(proposals.map(({ genome }) => genome))
    return proposals
  }

  async tell(proposal: number | null, genome: Genome): Promise<boolean> {
    const { objective } = this.context.goal
    const facts = this.context.facts(genome)
    const told = { trial: 1 + this.history.length, proposal, genome, facts }
    const metrics = { top1: this.madeUp.accuracy(genome) }
    const fidelity = { epochs: 1, scheduleEpochs: 1, inputSize: 32, headFilters: 16 }
    const values = objective.values({ metrics, facts })
    const trained = objective.worthTraining(facts)
    const reward = objective.reward({ metrics, facts })
    const outcome = trained
      ? ({ ...told, status: 'completed', estimate: { metrics, fidelity }, values, reward } as const)
      : ({ ...told, status: 'infeasible' } as const)
    await this.strategy.tell([outcome])
    this.history.recordTold([outcome])
    return trained
  }

  /** Until so many were trained, or nothing is proposed: what is too slow does not count. */
  async train(trials: number): Promise<readonly Genome[]> {
    const trained: Genome[] = []
    while (trained.length < trials) {
      const [proposal] = await this.ask(1)
      if (!proposal) break
      if (await this.tell(proposal.id, proposal.genome)) trained.push(proposal.genome)
    }
    return trained
  }

  restored(): MadeUpSearch {
    const other = new MadeUpSearch(this.madeUp, this.factory, this.seed, this.history.copy())
    other.strategy.restore(structuredClone(this.strategy.state()))
    return other
  }
}

const sum = (genome: Genome) => genome.reduce((total, value) => total + value, 0)
/** Neighbours that go together are worth more than each alone; more work takes longer. */
const together: MadeUp = {
  space: spaceOf(12, 4),
  latencyMs: (genome) => 10 + sum(genome),
  accuracy: (genome) => {
    const pairs = genome.reduce((total, value, d) => total + (d > 0 && Math.abs(value - genome[d - 1]!) === 2 ? 1 : 0), 0)
    return 0.6 + 0.01 * pairs + 0.002 * genome.reduce((total, value, d) => total + (d % 3 === 0 ? value : -value), 0)
  },
  targetMs: 26,
}

describe('model', () => {
  it('finds better networks than random draws that are screened alike', async () => {
    const best = async (factory: StrategyFactory, seed: number) =>
      Math.max(...(await new MadeUpSearch(together, factory, seed).train(40)).map(together.accuracy))
    let lead = 0
    for (const seed of [1, 2, 3, 4]) lead += ((await best(model, seed)) - (await best(random, seed))) / 4
    // One pair more counts .01; without noise these seeds lead by .018.
    expect(lead).toBeGreaterThan(0.01)
  })

  it('begins with random networks that use up the budget', async () => {
    const search = new MadeUpSearch(together, model, 4)
    const started = await search.ask(startTrials(40))
    const shares = started.map(({ genome }) => together.latencyMs(genome) / together.targetMs)
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.8)
    expect(Math.max(...shares)).toBeLessThanOrEqual(1)
    expect([10, 40, 1000, undefined].map(startTrials)).toEqual([6, 10, 50, 20])
  })

  it('gives several at once that differ, and others while they are trained', async () => {
    const search = new MadeUpSearch(together, model, 5)
    await search.train(12)
    const four = [...(await search.ask(4)), ...(await search.ask(2))]
    expect(new Set(four.map(({ genome }) => String(genome))).size).toBe(6)
    for (const { genome } of four) expect(together.latencyMs(genome)).toBeLessThanOrEqual(together.targetMs)
  })

  it('goes on from its state and the history as if it had never stopped, with proposals pending', async () => {
    for (const before of [3, 12]) {
      const search = new MadeUpSearch(together, model, 6)
      await search.train(before)
      const pending = await search.ask(3)
      const other = search.restored()
      const goOn = async (one: MadeUpSearch) => {
        await one.tell(pending[1]!.id, pending[1]!.genome)
        const asked = await one.ask(2)
        await one.tell(pending[0]!.id, pending[0]!.genome)
        return [...asked.map(({ genome }) => genome), ...(await one.train(4)), one.strategy.state()]
      }
      expect(await goOn(other)).toEqual(await goOn(search))
    }
  })

  it('proposes every network within the budget, then none', async () => {
    // Three decisions cost little, each of nine others is too slow: 27 of 531,441.
    const latencyMs = (genome: Genome) => 1 + genome.reduce((ms, value, d) => ms + value * (d < 3 ? 0.1 : 10), 0)
    const search = new MadeUpSearch({ ...together, space: spaceOf(12, 3), latencyMs, targetMs: 2 }, model, 7)
    const trained = await search.train(100)
    expect(new Set(trained.map(String)).size).toBe(27)
    expect(trained).toHaveLength(27)
    expect(await search.ask(3)).toEqual([])
  })

  it('learns from trainings that it did not ask for', async () => {
    const trained = await new MadeUpSearch(together, random, 8).train(20)
    // Of 200 trials the first 50 would be random.
    const search = new MadeUpSearch({ ...together, trials: 200 }, model, 9)
    for (const genome of trained) await search.tell(null, genome)
    const best = Math.max(...trained.map(together.accuracy))
    const [proposal] = await search.ask(1)
    expect(search.strategy.state().json).toMatchObject({ steps: expect.anything() })
    expect(together.accuracy(proposal!.genome)).toBeGreaterThan(best - 0.02)
  })

  it('recommends trained networks, and changes nothing by it', async () => {
    const search = new MadeUpSearch(together, model, 10)
    expect(search.strategy.recommend!(3)).toEqual([])
    const trained = await search.train(14)
    const state = search.strategy.state()
    const recommended = search.strategy.recommend!(3)
    expect(recommended).toHaveLength(3)
    for (const genome of recommended) expect(trained).toContainEqual(genome)
    const median = trained.map(together.accuracy).sort((a, b) => a - b)[7]!
    expect(together.accuracy(recommended[0]!)).toBeGreaterThan(median)
    expect(search.strategy.state()).toEqual(state)
  })

  it('begins with more networks when it learns that there are more trials, and remembers that', async () => {
    const search = new MadeUpSearch(together, model, 11)
    search.strategy.plan!(200)
    expect(search.restored().strategy.state().json).toMatchObject({ first: 50 })
  })

  it('refuses a state that is not its own', () => {
    const { strategy } = new MadeUpSearch(together, model, 1)
    expect(() => strategy.restore({ json: { random: 'x' } })).toThrow(expect.objectContaining({ code: 'MNAS_SEARCH_STATE' }))
  })
})

describe('model, behind hundreds of trainings', () => {
  it('goes on from a state that names the networks it learns from, and reads the others no more', async () => {
    const { space } = together
    const history = memoryHistory(space)
    await new MadeUpSearch({ ...together, targetMs: 100 }, random, 13, history).train(330)
    const search = new MadeUpSearch(together, model, 14, history)
    await search.ask(1)
    let read = 0
    const counting = { ...history, outcomes: (from?: number) => counted(history.outcomes(from), () => read++) }
    const other = model.create({ ...search.context, history: counting })
    other.restore(search.strategy.state())
    const [going, restored] = [await search.strategy.ask(2), await other.ask(2)]
    expect(restored).toEqual(going)
    expect(read).toBeLessThan(300)
  })
})

function* counted<T>(items: Iterable<T>, count: () => void): Iterable<T> {
  for (const item of items) {
    count()
    yield item
  }
}

describe('what a budget is', () => {
  it('is found by asking the objective', () => {
    const of = (objective: ObjectiveFactory, limits = {}) =>
      latencyBudget(objective.create({ targetMs: 12.5, metric: 'top1', limits }), factsAt(3), 100)
    expect(of(hard)).toBeCloseTo(12.5, 9)
    expect(of(soft)).toBeNull()
  })
})

describe('the networks that are learned from', () => {
  it('are the latest and the most useful of long searches, the same when they are read at once', async () => {
    const search = new MadeUpSearch({ ...together, targetMs: 100 }, random, 12)
    const read = (from?: Kept) =>
      observations(
        search.history,
        'top1',
        (genome) => Float64Array.from(genome),
        (all) => all.map(({ y }) => y),
        from,
      )
    const growing = read()
    const trained: Genome[] = []
    for (let round = 0; round < 8; round++) {
      trained.push(...(await search.train(50)))
      growing.grow()
    }
    const atOnce = read()
    atOnce.grow()
    const genomes = growing.all.map(({ genome }) => genome)
    expect(atOnce.all.map(({ genome }) => genome)).toEqual(genomes)
    const resumed = read(growing.kept)
    resumed.grow()
    expect(resumed.all).toEqual(growing.all)
    expect(genomes.length).toBeLessThanOrEqual(300)
    expect(genomes.slice(-150)).toEqual(trained.slice(-150))
    const best = trained.reduce((a, b) => (together.accuracy(b) > together.accuracy(a) ? b : a))
    expect(genomes).toContainEqual(best)
  })
})

import type { Facts, Genome, OptionValues, SearchSpace, StrategyContext, StrategyState, TrialOutcome } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import { memoryHistory } from '@mnas/core/testing'
import { parseSafetensors, serializeSafetensors } from '@mnas/core/weights'
import { describe, expect, it } from 'vitest'
import { actingChoices } from '#internal/strategies/ppo/learn.js'
import ppo from '#internal/strategies/ppo/ppo-strategy.js'

/** The last decision does not act when the first is 0. */
function spaceOf(choices: readonly number[]): SearchSpace {
  const unused = () => {
    throw new Error('strategies do not look at architectures')
  }
  return {
    name: 'toy',
    decisions: choices.map((count, index) => ({
      name: `d${index}`,
      choices: Array.from({ length: count }, (_, choice) => choice),
    })),
    canonical: (genome) => (genome[0] === 0 ? genome.with(-1, 0) : genome),
    decode: unused,
    encode: unused,
    smallest: () => choices.map(() => 0),
  }
}

/** Milliseconds are the sum of the choices. */
const factsOf = (genome: Genome): Facts => ({
  latency: { latencyMs: 1 + genome.reduce((sum, choice) => sum + choice, 0), source: 'measured', relativeError: 0 },
  costs: { parameters: 1, macs: 1, peakMemoryBytes: 1 },
  sizeBytes: null,
})

interface Search {
  readonly space: SearchSpace
  readonly accuracy: (genome: Genome) => number
  /** T: slower ones are not trained. */
  readonly targetMs?: number
  readonly options?: OptionValues
}

/** A strategy in a search without a run. */
function start(factory: typeof ppo, seed: number, search: Search, history = memoryHistory(search.space)) {
  const { space, accuracy, targetMs = 1e9, options } = search
  const context: StrategyContext = {
    ...{ space, seed, metric: 'top1', history, facts: factsOf },
    ...(options && { options }),
    goal: {
      kind: 'best',
      objective: {
        name: 'hard',
        axes: [{ name: 'top1', better: 'more' }],
        values: ({ metrics }) => [metrics['top1']!],
        reward: ({ metrics, facts }) => metrics['top1']! * Math.min(1, targetMs / facts.latency.latencyMs),
        worthTraining: ({ latency }) => latency.latencyMs <= targetMs,
      },
    },
  }
  const { objective } = context.goal
  const strategy = factory.create(context)
  const outcomeOf = (proposal: number | null, genome: Genome): TrialOutcome => {
    const facts = factsOf(genome)
    const told = { trial: 1, proposal, genome, facts }
    if (!objective.worthTraining(facts)) return { ...told, status: 'infeasible' }
    const metrics = { top1: accuracy(genome) }
    const fidelity = { epochs: 1, scheduleEpochs: 1, inputSize: 32, headFilters: 256 }
    return {
      ...told,
      status: 'completed',
      estimate: { metrics, fidelity },
      values: [],
      reward: objective.reward({ metrics, facts }),
    }
  }
  const ask = async (n: number) => {
    const proposals = await strategy.ask(n)
    history.recordAsked(proposals.map(({ genome }) => genome))
    return proposals
  }
  const tell = async (outcomes: readonly TrialOutcome[]) => {
    await strategy.tell(outcomes)
    history.recordTold(outcomes)
  }
  /** @returns what was asked for, in order */
  const rounds = async (count: number): Promise<readonly Genome[]> => {
    const asked: Genome[] = []
    for (let round = 0; round < count; round++) {
      const [proposal] = await ask(1)
      if (!proposal) break
      asked.push(proposal.genome)
      await tell([outcomeOf(proposal.id, proposal.genome)])
    }
    return asked
  }
  return { strategy, history, outcomeOf, ask, tell, rounds }
}

const throughBytes = ({ json, tensors }: StrategyState): StrategyState => ({
  json: JSON.parse(JSON.stringify(json)) as StrategyState['json'],
  tensors: parseSafetensors(serializeSafetensors(tensors!)).tensors,
})
const fingerprint = ({ json, tensors }: StrategyState) => [json, hashBytes(serializeSafetensors(tensors!))]
const small = spaceOf([4, 3, 5, 2, 3, 6])
const meanOf = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length
const sum = (genome: Genome) => genome.reduce((total, choice) => total + choice, 0) / 100

describe('ppo', () => {
  it.each(['small', 'paper'])('goes on bit for bit wherever it was stopped, with some at work (%s)', async (preset) => {
    const search = { space: small, accuracy: sum, targetMs: 12, options: { preset } }
    const whole = start(ppo, 3, search)
    let resumed = whole
    for (let round = 0; round < 14; round++) {
      const pending = await whole.ask(3)
      if (resumed !== whole) expect(await resumed.ask(3)).toEqual(pending)
      resumed = start(ppo, 99, search, whole.history.copy())
      resumed.strategy.restore(throughBytes(whole.strategy.state()))
      const last = pending.map(({ id, genome }) => whole.outcomeOf(id, genome)).reverse()
      for (const one of [whole, resumed]) await one.tell(last)
      expect(fingerprint(resumed.strategy.state())).toEqual(fingerprint(whole.strategy.state()))
    }
  })

  it('learns from ten networks (the paper: twenty), and changes its tensors then alone', async () => {
    for (const [preset, networks] of Object.entries({ small: 10, paper: 20 })) {
      const run = start(ppo, 1, { space: spaceOf(Array.from({ length: 12 }, () => 4)), accuracy: sum, options: { preset } })
      const first = run.strategy.state().tensors!['weights']!.data
      await run.rounds(networks - 1)
      expect(run.strategy.state().tensors!['weights']!.data).toBe(first)
      await run.rounds(1)
      expect(run.strategy.state().tensors!['weights']!.data).not.toEqual(first)
      expect(run.strategy.state().json).toMatchObject({ steps: 4, draws: [] })
    }
  })

  it('answers networks that it knows from the history and asks for each once', async () => {
    const space = spaceOf([2, 3, 2])
    const run = start(ppo, 2, { space, accuracy: sum })
    const asked = await run.rounds(100)
    // Of 2 · 3 · 2 genomes those with the first decision 0 fall together in pairs.
    expect(new Set(asked.map(String)).size).toBe(9)
    expect(asked).toHaveLength(9)
    expect(await run.ask(2)).toEqual([])
    // More networks were learned from than were trained.
    const { steps } = run.strategy.state().json as { readonly steps: number }
    expect((10 * steps) / 4).toBeGreaterThan(9)
  })

  it('is told what nobody asked for, and learns nothing from what failed', async () => {
    const run = start(ppo, 1, { space: small, accuracy: sum })
    await run.tell([run.outcomeOf(null, small.smallest())])
    const proposals = await run.ask(4)
    const error = { code: 'MNAS_TEST', message: 'failed', exitCode: 6 }
    await run.tell(
      proposals.map(({ id, genome }, index) =>
        index < 2
          ? { trial: id, proposal: id, genome, facts: factsOf(genome), status: 'failed', error }
          : run.outcomeOf(id, genome),
      ),
    )
    expect((run.strategy.state().json as { readonly draws: readonly unknown[] }).draws).toHaveLength(2)
  })

  it('takes a network that is too slow for one of mean accuracy', async () => {
    const run = start(ppo, 1, { space: small, accuracy: () => 0.6, targetMs: 9 })
    await run.tell([run.outcomeOf(null, small.smallest())])
    const rewards = new Map<string, number>()
    for (let round = 0; round < 9; round++) {
      await run.rounds(1)
      const { draws } = run.strategy.state().json as unknown as {
        readonly draws: readonly { readonly genome: Genome; readonly reward: number }[]
      }
      for (const { genome, reward } of draws) rewards.set(String(small.canonical(genome)), reward)
    }
    const slow = [...rewards].map(([genome, reward]) => ({ reward, ...factsOf(genome.split(',').map(Number)).latency }))
    expect(slow.filter(({ latencyMs }) => latencyMs > 9).length).toBeGreaterThan(0)
    for (const { latencyMs, reward } of slow) expect(reward).toBeCloseTo(0.6 * Math.min(1, 9 / latencyMs))
    // It learned from them without asking for one.
    expect([...run.history.outcomes()].map(({ status }) => status)).not.toContain('infeasible')
  })

  it('is told of networks that turn out too slow when they are timed', async () => {
    const run = start(ppo, 1, { space: small, accuracy: () => 0.6, targetMs: 9 })
    const [proposal] = await run.ask(1)
    const { id, genome } = proposal!
    const latency = { latencyMs: 12, source: 'quick', relativeError: 0.05 } as const
    await run.tell([{ trial: 1, proposal: id, genome, facts: { ...factsOf(genome), latency }, status: 'infeasible' }])
    const { draws } = run.strategy.state().json as unknown as { readonly draws: readonly { readonly reward: number }[] }
    expect(draws.at(-1)!.reward).toBeCloseTo((0.5 * 9) / 12)
  })

  it('takes a network for what it came to at the first rung, and waits for none that waits behind one', async () => {
    const run = start(ppo, 1, { space: small, accuracy: sum })
    const drawsOf = () =>
      (run.strategy.state().json as unknown as { readonly draws: readonly { readonly reward: number | null }[] }).draws
    const outcome = (status: 'paused' | 'completed', rung: number, top1: number, [id, genome]: readonly [number, Genome]) => {
      const fidelity = { epochs: 1, scheduleEpochs: 1, inputSize: 32, headFilters: 256 }
      const told = {
        trial: id + 1,
        proposal: id,
        genome,
        facts: factsOf(genome),
        estimate: { metrics: { top1 }, fidelity },
        values: [],
      }
      return status === 'paused' ? { ...told, status, rung } : { ...told, status, rung, reward: top1 }
    }
    const [proposal] = await run.ask(1)
    const asked = [proposal!.id, proposal!.genome] as const
    await run.tell([outcome('paused', 0, 0.4, asked)])
    expect(drawsOf().map(({ reward }) => reward)).toEqual([0.4])
    await run.tell([outcome('paused', 1, 0.6, asked)])
    await run.tell([outcome('completed', 2, 0.7, asked)])
    expect(drawsOf().map(({ reward }) => reward)).toEqual([0.4])

    const tiny = start(ppo, 1, { space: spaceOf([2, 1]), accuracy: sum })
    for (const { id, genome } of await tiny.ask(2)) await tiny.tell([outcome('paused', 0, 0.4, [id, genome])])
    for (let round = 0; round < 20; round++) expect(await tiny.ask(1)).toEqual([])
    expect((tiny.strategy.state().json as unknown as { readonly draws: readonly unknown[] }).draws.length).toBeLessThanOrEqual(2)
  })

  it('knows which decisions act', () => {
    const space = spaceOf([2, 1, 3])
    expect(actingChoices(space, [1, 0, 2])).toEqual([true, false, true])
    expect(actingChoices(space, [0, 0, 2])).toEqual([true, false, false])
  })

  it('comes to propose what is good', async () => {
    // Neighbours that fit each other are worth something, too: no decision is judged by itself.
    const space = spaceOf(Array.from({ length: 6 }, () => 4))
    const fits = (genome: Genome, t: number) => (t > 0 && genome[t] === (genome[t - 1]! + 1) % 4 ? 0.5 : 0)
    const accuracy = (genome: Genome) => genome.reduce((total, choice, t) => total + choice / 3 + fits(genome, t), 0) / 9
    const gain = async (seed: number, rate: number) => {
      const asked = await start(ppo, seed, { space, accuracy, options: { 'learning-rate': rate } }).rounds(60)
      return meanOf(asked.slice(-15).map(accuracy)) - meanOf(asked.slice(0, 15).map(accuracy))
    }
    // The same draws, once with next to nothing learned from them.
    for (const seed of [1, 2]) expect((await gain(seed, 0.02)) - (await gain(seed, 1e-5)), `seed ${seed}`).toBeGreaterThan(0.12)
  })

  it('refuses a state that is not its own', () => {
    const { strategy } = start(ppo, 1, { space: small, accuracy: sum })
    const { json } = strategy.state()
    for (const state of [{ json: { random: 'x' } }, { json }])
      expect(() => strategy.restore(state)).toThrow(expect.objectContaining({ code: 'MNAS_SEARCH_STATE' }))
  })
})

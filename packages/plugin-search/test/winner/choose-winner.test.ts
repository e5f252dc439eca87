import type { JobEnd, Strategy, StrategyFactory, TrialJob } from '@mnas/core/contracts'
import { type RunStore, type Search, searchLoop } from '@mnas/plugin-search'
import { describe, expect, it } from 'vitest'
import evolution from '#internal/strategies/evolution-strategy.js'
import { winnerOf } from '#internal/winner/winner-of.js'
import { completing, device, executor, goal, keeping, searchOf } from '../support/made-up-search.js'
import { temporaryRuns } from '../support/temporary-runs.js'

const { openStore, close } = temporaryRuns()
const small = { ...goal, width: 0.5, trials: 5, retrainTop: 3 }

/** The first training says what `first` says, in the order of the trainings; the second, from another seed, what `second` says of the network's first. */
function trainings(second: (first: number) => number) {
  const firsts = new Map<string, number>()
  const seeds: number[] = []
  const trained = executor((job: TrialJob): JobEnd => {
    seeds.push(job.seed)
    const key = JSON.stringify(job.architecture)
    const first = firsts.get(key) ?? 0.5 + 0.01 * firsts.size
    firsts.set(key, first)
    const end = completing(job)
    if (end.kind !== 'completed') return end
    return { ...end, result: { ...end.result, metrics: { top1: job.seed === 0 ? first : second(first) } } }
  })
  return { executor: trained, seeds }
}
const observed = (store: RunStore, trial: number) => {
  const { outcome } = store.trial(trial)!
  return outcome?.status === 'completed' ? outcome.estimate.metrics['top1'] : null
}

/** Evolution, and what it is told besides. */
function overheard(recommend?: Strategy['recommend']) {
  const heard: string[] = []
  const factory: StrategyFactory = {
    name: 'overheard',
    create(context) {
      const strategy = evolution.create(context)
      return {
        ...strategy,
        async tell(outcomes) {
          heard.push(...outcomes.map(({ trial }) => `told ${trial}`))
          return strategy.tell(outcomes)
        },
        plan: (trials) => void heard.push(`plan ${trials}`),
        ...(recommend && { recommend }),
      }
    },
  }
  return { factory, heard }
}

describe('the winner', () => {
  it('is the best on the mean of two trainings, of which the strategy hears one', async () => {
    const store = await openStore()
    // The luckiest one loses what it had won.
    const { executor, seeds } = trainings((first) => (first > 0.535 ? first - 0.1 : first))
    const { factory, heard } = overheard()
    const found = await searchLoop(searchOf(store, { goal: small, executor, strategies: factory }))
    expect(seeds).toEqual([0, 0, 0, 0, 0, 1, 1, 1])
    expect(found.counts.completed).toBe(5)
    expect(heard.filter((line) => line.startsWith('told'))).toHaveLength(store.toldCount())
    expect(found.finalists.map(({ trial }) => observed(store, trial))).toEqual([0.54, 0.53, 0.52])
    expect(found.finalists.map(({ again }) => again?.mean)).toEqual([0.49, 0.53, 0.52].map((mean) => expect.closeTo(mean, 9)))
    expect(found.best.accuracy).toBe(0.53)
    expect(found.pick).toBeNull()
    expect(store.best()?.outcome.reward).toBe(0.54)
  })

  it('is chosen among those that the strategy believes in', async () => {
    const store = await openStore()
    const { executor } = trainings((first) => first)
    const { factory } = overheard((count) =>
      store
        .trials()
        .filter(({ outcome }) => outcome?.status === 'completed')
        .slice(0, Math.min(2, count))
        .map(({ genome }) => genome),
    )
    const found = await searchLoop(searchOf(store, { goal: small, executor, strategies: factory }))
    expect(found.finalists.map(({ accuracy }) => accuracy)).toEqual([0.5, 0.51])
    expect(found.best.accuracy).toBe(0.51)
    expect(found.pick).toBe(found.finalists[0]!.id)
  })

  it('is found where the search was killed, training nothing twice; more trials open the question again', async () => {
    const run = (store: RunStore, parts: Partial<Search>) => searchLoop(searchOf(store, { goal: small, ...parts }))
    const { executor, seeds } = trainings((first) => 1.5 - 2 * first)
    let store = await openStore()
    const dying = {
      ...store,
      addEvent(...event: Parameters<RunStore['addEvent']>) {
        if (event[0].kind === 'trained-again' && store.finalists().filter(({ again }) => again).length === 2)
          throw new Error('killed')
        store.addEvent(...event)
      },
    }
    await expect(run(dying, { executor })).rejects.toThrow('killed')
    expect(winnerOf(store)?.id).toBe(store.best()?.id)
    close(store)
    store = await openStore()
    const found = await run(store, { executor })
    // The second one was trained when its recording was killed.
    expect(seeds.filter((seed) => seed === 1)).toHaveLength(4)
    expect(found.best.accuracy).toBe(0.52)
    const more = await run(store, { executor, goal: { ...small, trials: 6 } })
    expect(more.finalists.map(({ accuracy }) => accuracy)).toEqual([0.55, 0.54, 0.53])
    expect(seeds.filter((seed) => seed === 1)).toHaveLength(5)
  })

  it('is the luckiest one where nothing is trained again, or all of that fails', async () => {
    const store = await openStore()
    const { executor: trained } = trainings((first) => first)
    const failing = executor((job, id) => {
      if (job.seed === 0) return trained.run({ job } as never, () => undefined, new AbortController().signal)
      return { kind: 'failed', error: { code: 'MNAS_TRAIN_DIVERGED', message: `diverged ${id}`, exitCode: 6 } }
    })
    const found = await searchLoop(searchOf(store, { goal: small, executor: failing }))
    expect(found.best.accuracy).toBe(0.54)
    expect(found.finalists.map(({ again }) => again)).toEqual([undefined, undefined, undefined])
    expect(store.finalists().every(({ again }) => again?.error)).toBe(true)
  })
})

describe('the winner of a search for files of another precision', () => {
  /** What the file of a training is worth by the network's place and by the seed. */
  const files = [
    [0.7, 0.69],
    [0.6, 0.6],
  ] as const

  it('is judged as a file, also where that was not looked at before', async () => {
    const store = await openStore()
    const order: string[] = []
    const placeOf = ({ architecture }: TrialJob) => {
      const key = JSON.stringify(architecture)
      if (!order.includes(key)) order.push(key)
      return order.indexOf(key)
    }
    // The second is beaten by the file of the first, and the luckier one when it is trained again.
    const float = [
      [0.72, 0.71],
      [0.695, 0.715],
    ] as const
    const { executor } = keeping((job) => {
      const end = completing(job)
      if (end.kind !== 'completed') return end
      return { ...end, result: { ...end.result, metrics: { top1: float[placeOf(job)]![job.seed]! } } }
    })
    const judge: Search['judge'] = async (job) => {
      const quality = files[placeOf(job)]![job.seed]!
      return { precision: 'int8', quality, sameAnswers: 0.9, distance: 0.01, images: 10 }
    }
    const { measure } = device(() => 1)
    const found = await searchLoop(
      searchOf(store, { goal: { ...small, trials: 2 }, executor, judge, precision: 'int8', measure }),
    )
    expect(found.finalists.map(({ accuracy, quantized }) => [accuracy, quantized?.accuracy])).toEqual([
      [0.72, 0.7],
      [0.695, undefined],
    ])
    expect(found.finalists.map(({ again }) => again?.quantized?.accuracy)).toEqual([0.69, 0.6])
    expect(found.finalists.map(({ again }) => again?.meanReward)).toEqual([expect.closeTo(0.695, 9), 0.6])
    expect(found.best.accuracy).toBe(0.72)
  })
})

describe('a search for so much time', () => {
  /** A store by whose clock each trained network has taken a second, the second trainings too. */
  const clocked = (store: RunStore): RunStore => ({ ...store, activeMs: () => 1000 * store.counts().completed })
  const timed = { ...goal, width: 0.5, trials: undefined, timeMs: 10_000, retrainTop: 3 }

  it('tells the strategy after three trained networks how many there will be, once, and keeps time for the best', async () => {
    const store = await openStore()
    const { factory, heard } = overheard()
    const { executor } = trainings((first) => first)
    const search = searchOf(clocked(store), { goal: timed, executor, strategies: factory })
    expect(await searchLoop(search)).toMatchObject({ reason: 'time', counts: { completed: 7 } })
    const trained = store.trials().filter(({ outcome }) => outcome?.status === 'completed')
    const plannedAfter = heard.slice(0, heard.indexOf('plan 7'))
    expect(trained.filter(({ id }) => plannedAfter.includes(`told ${id}`))).toHaveLength(3)
    await searchLoop(search)
    expect(heard.filter((line) => line.startsWith('plan'))).toHaveLength(1)
    expect(store.events().filter(({ kind }) => kind === 'budget')).toMatchObject([{ trials: 7 }])
  })
})

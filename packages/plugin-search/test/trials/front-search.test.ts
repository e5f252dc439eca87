import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SearchGoal, StrategyFactory } from '@mnas/core/contracts'
import { searchLoop } from '@mnas/plugin-search'
import { describe, expect, it } from 'vitest'
import { reachableGoal } from '#internal/goal/reachable-goal.js'
import { hypervolume } from '#internal/hypervolume.js'
import front from '#internal/objectives/front-objective.js'
import evolution from '#internal/strategies/evolution-strategy.js'
import random from '#internal/strategies/random-strategy.js'
import { completed, goal, searchOf } from '../support/made-up-search.js'
import { temporaryRuns } from '../support/temporary-runs.js'

const { openStore } = temporaryRuns()
const wide = { ...goal, targetMs: null, width: 0.35, trials: 6 }
const objectiveAt = (targetMs: number) => front.create({ targetMs, metric: 'top1', limits: {} })
type FrontGoal = Extract<SearchGoal, { readonly kind: 'front' }>

/** A strategy, and what it was told the goal is. */
function listening(to: StrategyFactory) {
  const goals: SearchGoal[] = []
  const create: StrategyFactory['create'] = (context) => {
    goals.push(context.goal)
    return to.create(context)
  }
  return { goals, strategies: { ...to, create } }
}

describe('a search for a front', () => {
  it('goes from the 10th to the 90th percentile of estimates, trains nothing slower and records how it grows', async () => {
    const store = await openStore()
    const { goals, strategies } = listening(random)
    const { rangeMs, front: found, best } = await searchLoop(searchOf(store, { objectives: front, strategies, goal: wide }))
    const [least, most] = rangeMs!
    expect(least).toBeLessThan(most)
    expect(goals).toMatchObject([{ kind: 'front', rangeMs: [least, most] }])
    for (const { facts } of completed(store)) expect(facts.latency.latencyMs).toBeLessThanOrEqual(most)
    const events = store.events()
    expect(events.filter(({ kind }) => kind === 'range')).toMatchObject([{ leastMs: least, mostMs: most }])
    const grown = events.flatMap((event) => (event.kind === 'ended' && event.status === 'completed' ? [event.hypervolume!] : []))
    expect(grown).toHaveLength(6)
    expect(grown).toEqual(grown.toSorted((a, b) => a - b))
    const points = found.map(({ accuracy, latencyMs }) => ({ quality: accuracy, latencyMs }))
    expect(grown.at(-1)).toBeCloseTo(hypervolume(points, rangeMs!), 12)
    // The best of all is the one for whoever has most time.
    expect(best.accuracy).toBe(Math.max(...found.map(({ accuracy }) => accuracy)))
    const { front: listed } = JSON.parse(await readFile(join(store.folder, 'best.json'), 'utf8'))
    expect(listed).toEqual(found.map(({ id, accuracy, latencyMs }) => ({ id, accuracy, latencyMs })))
  })

  it('keeps a stated range, and goes on within the recorded one', async () => {
    const store = await openStore()
    const stated = { objectives: front, strategies: evolution, goal: { ...wide, rangeMs: [0.4, 0.9] as const, trials: 3 } }
    expect((await searchLoop(searchOf(store, stated))).rangeMs).toEqual([0.4, 0.9])
    const longer = { ...stated, goal: { ...stated.goal, trials: 5 } }
    expect((await searchLoop(searchOf(store, longer))).rangeMs).toEqual([0.4, 0.9])
    expect(store.events().filter(({ kind }) => kind === 'range')).toHaveLength(1)
    expect(completed(store)).toHaveLength(5)
    for (const { facts } of completed(store)) expect(facts.latency.latencyMs).toBeLessThanOrEqual(0.9)
  })

  it('asks strategies for targets that there are networks for, and judges over the whole range', async () => {
    const store = await openStore()
    const { goals, strategies } = listening(random)
    const stated = { ...wide, rangeMs: [0.01, 1.2] as const, trials: 2 }
    const { rangeMs } = await searchLoop(searchOf(store, { objectives: front, strategies, goal: stated }))
    expect(rangeMs).toEqual([0.01, 1.2])
    const [told] = goals as [FrontGoal]
    // Without any work a network takes 0.2 ms on this device.
    expect(told.rangeMs[0]).toBeGreaterThan(0.15)
    expect(told.rangeMs[0]).toBeLessThan(0.9)
    expect(told.rangeMs[1]).toBe(1.2)
  })

  it('tells strategies a range as it is that the smallest network keeps, and no empty one', () => {
    const stated: FrontGoal = { kind: 'front', objective: objectiveAt(20), rangeMs: [10, 20], objectiveAt }
    const rangeFor = (smallestMs: number) => (reachableGoal(stated, smallestMs) as FrontGoal).rangeMs
    expect([5, 12, 30].map(rangeFor)).toEqual([
      [10, 20],
      [12, 20],
      [20, 20],
    ])
    const best: SearchGoal = { kind: 'best', objective: objectiveAt(20) }
    expect(reachableGoal(best, 30)).toBe(best)
  })

  it('says what is reachable when the whole range is too fast', async () => {
    const tight = { objectives: front, goal: { ...wide, rangeMs: [0.01, 0.05] as const } }
    await expect(searchLoop(searchOf(await openStore(), tight))).rejects.toMatchObject({
      code: 'MNAS_SEARCH_TARGET_UNREACHABLE',
      message: expect.stringMatching(/at most 0\.05 ms.*Try --latency-range up to/),
    })
  })
})

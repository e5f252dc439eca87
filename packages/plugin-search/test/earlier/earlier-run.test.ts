import type { JsonObject } from '@mnas/core/contracts'
import { type RunStore, searchLoop } from '@mnas/plugin-search'
import { describe, expect, it } from 'vitest'
import { openEarlierRun } from '#internal/earlier/earlier-run.js'
import random from '#internal/strategies/random-strategy.js'
import { completed, completing, device, executor, goal, searchOf } from '../support/made-up-search.js'
import { temporaryRuns } from '../support/temporary-runs.js'

const { openStore, close } = temporaryRuns()
const small = { ...goal, width: 0.5 }

/** A run of eight trainings, closed. */
async function earlierRun() {
  const store = await openStore('earlier')
  await searchLoop(searchOf(store, { goal: { ...small, trials: 8 }, strategies: random }))
  const trained = completed(store)
  close(store)
  return { trained, run: await openEarlierRun(store.folder, {}) }
}
/** Another phone: other networks are fast on it. */
const otherDevice = () => device((macs, hash) => 0.3 + macs / 1.2e7 + (0.1 * Number.parseInt(hash.slice(0, 2), 16)) / 255)

describe('a search that knows the trainings of another one', () => {
  it('trains none of them again, and hands over only what was timed here', async () => {
    const { trained, run } = await earlierRun()
    const store = await openStore()
    const submitted = executor(completing)
    const parts = { strategies: random, measure: otherDevice().measure, executor: submitted, earlier: run }
    const found = await searchLoop(searchOf(store, { ...parts, goal: { ...small, seed: 4, trials: 1 } }))
    expect(found.counts).toMatchObject({ completed: 1, transferred: 8 })
    expect(submitted.jobs).toHaveLength(1)
    expect(store.events().find(({ kind }) => kind === 'told-earlier')).toMatchObject({ told: 8, others: 0 })
    const first = store.trials().find(({ proposal }) => proposal === 0)!
    expect(first.id).toBe(9)
    for (const { outcome, facts } of store.trials().slice(0, 8)) {
      const known = trained.find(({ genome }) => String(genome) === String(outcome?.genome))!
      expect(outcome).toMatchObject({ estimate: { metrics: completedMetrics(known) } })
      expect(facts.latency.latencyMs).not.toBe(known.facts.latency.latencyMs)
    }
    for (const { trial } of [found.best, ...found.front]) expect(store.trial(trial)?.facts.latency.source).toBe('measured')
  })

  it('is told all or nothing when it is killed', async () => {
    const { run } = await earlierRun()
    const store = await openStore()
    const dying: RunStore = {
      ...store,
      addEvent(event) {
        if (event.kind === 'told-earlier') throw new Error('killed')
        store.addEvent(event)
      },
    }
    const parts = { strategies: random, earlier: run, goal: { ...small, trials: 1 } }
    await expect(searchLoop(searchOf(dying, parts))).rejects.toThrow('killed')
    expect([store.trials(), store.told()]).toEqual([[], []])
    const { counts } = await searchLoop(searchOf(store, parts))
    expect(counts).toMatchObject({ transferred: 8, completed: 1 })
  })

  it('counts networks of another width, of which it is told nothing', async () => {
    const { run } = await earlierRun()
    const store = await openStore()
    await searchLoop(searchOf(store, { earlier: run, goal: { ...small, width: 0.35, trials: 1 } }))
    expect(store.events().find(({ kind }) => kind === 'told-earlier')).toMatchObject({ told: 0, others: 8 })
    expect(store.counts()).toMatchObject({ completed: 1 })
  })

  it('refuses a run that was trained on other data, for longer, or by another recipe', async () => {
    const store = await openStore('earlier')
    const { folder } = store
    for (const settings of [{ data: 'other' }, { proxy: { epochs: 9 } }, { recipe: { batchSize: 8 } }] as readonly JsonObject[])
      await expect(openEarlierRun(folder, settings)).rejects.toMatchObject({ code: 'MNAS_SEARCH_FROM' })
    expect(await openEarlierRun(folder, { device: 'another', targetMs: 3 })).toMatchObject({ folder })
  })
})

const completedMetrics = ({ outcome }: ReturnType<typeof completed>[number]) =>
  outcome?.status === 'completed' ? outcome.estimate.metrics : null

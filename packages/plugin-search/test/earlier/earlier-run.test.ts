import { architectureHash } from '@mnas/core/architecture'
import type { JsonObject } from '@mnas/core/contracts'
import { createReporter } from '@mnas/core/events'
import { type RunStore, type Search, searchLoop } from '@mnas/plugin-search'
import { describe, expect, it } from 'vitest'
import { openEarlierRun } from '#internal/earlier/earlier-run.js'
import model from '#internal/strategies/model/model-strategy.js'
import random from '#internal/strategies/random-strategy.js'
import { completed, completing, device, executor, fractionOf, goal, keeping, searchOf } from '../support/made-up-search.js'
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

  it('lets the model propose from the first network on', async () => {
    const { run } = await earlierRun()
    const parts = { strategies: model, goal: { ...small, seed: 4, trials: 1 } }
    const hasLearned = async (name: string, changes: Partial<Search>) => {
      const store = await openStore(name)
      await searchLoop(searchOf(store, { ...parts, ...changes }))
      return (store.state()!.json as { readonly steps: unknown }).steps !== null
    }
    expect(await hasLearned('alone', {})).toBe(false)
    expect(await hasLearned('told', { earlier: run })).toBe(true)
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
    const warnings: string[] = []
    const reporter = { ...createReporter('silent'), warn: (text: string) => void warnings.push(text) }
    await searchLoop(searchOf(store, { earlier: run, goal: { ...small, width: 0.35, trials: 1 }, reporter }))
    // Nothing is known of these, not that they are too slow.
    expect(warnings).toEqual([])
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

describe('a search for quantised files that knows the trainings of another one', () => {
  /** Half of the accuracy gets lost: whoever was not judged would win. */
  const judge: NonNullable<Search['judge']> = async ({ architecture }) => ({
    precision: 'int8',
    quality: fractionOf(architectureHash(architecture)) / 2,
    sameAnswers: 0.9,
    distance: 0.01,
    images: 10,
  })
  /** A search for int8 files that knows the other one, the trial of its best, and what it warned of. */
  async function searchFrom(parts: Partial<Search>) {
    const earlier = await openStore('earlier')
    await searchLoop(
      searchOf(earlier, { goal: { ...small, trials: 8 }, strategies: random, executor: keeping().executor, ...parts }),
    )
    close(earlier)
    const warnings: string[] = []
    const reporter = { ...createReporter('silent'), warn: (text: string) => void warnings.push(text) }
    const store = await openStore()
    const known = {
      strategies: random,
      earlier: await openEarlierRun(earlier.folder, {}),
      measure: otherDevice().measure,
      reporter,
    }
    const own = { ...known, executor: keeping().executor, judge, precision: 'int8' } as const
    const { best } = await searchLoop(searchOf(store, { ...own, goal: { ...small, seed: 4, trials: 2 } }))
    return { store, best: store.trial(best.trial)!, warnings: warnings.filter((text) => text.includes('int8')) }
  }

  it.each([
    ['none was judged', {}],
    ['they were judged as other files', { judge: async (...of) => ({ ...(await judge(...of))!, precision: 'float16' }) }],
  ] as readonly (readonly [string, Partial<Search>])[])('hands over none of them where %s, and says so', async (_, parts) => {
    const { store, best, warnings } = await searchFrom(parts)
    expect(best.proposal).not.toBeNull()
    for (const { proposal } of store.front()) expect(proposal).not.toBeNull()
    expect(store.trials().some(({ proposal, facts }) => proposal === null && facts.latency.source === 'measured')).toBe(true)
    expect(warnings).toEqual([expect.stringMatching(/^Nobody knows what 8 of the 8 networks of .* are worth as int8 files/)])
  })

  it('counts those that were judged by what is left of them', async () => {
    const { store, warnings } = await searchFrom({ judge, precision: 'int8' })
    const known = store.trials().filter(({ proposal }) => proposal === null)
    const judged = known.flatMap(({ outcome }) =>
      outcome?.status === 'completed' && outcome.estimate.quantized
        ? [{ ...outcome, quantized: outcome.estimate.quantized }]
        : [],
    )
    expect(judged.length).toBeGreaterThan(0)
    for (const { quantized, values, reward } of judged)
      expect([values[0], reward]).toEqual([quantized.quality, quantized.quality])
    expect(warnings.length).toBe(judged.length < known.length ? 1 : 0)
    for (const { proposal, outcome } of store.front())
      if (proposal === null) expect(outcome.estimate.quantized).toMatchObject({ precision: 'int8' })
  })
})

const completedMetrics = ({ outcome }: ReturnType<typeof completed>[number]) =>
  outcome?.status === 'completed' ? outcome.estimate.metrics : null

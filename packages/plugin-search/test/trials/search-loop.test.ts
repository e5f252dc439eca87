import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { architectureHash, namedArchitecture, scaleArchitecture, withTask } from '@mnas/core/architecture'
import type { ObjectiveFactory, Proposal, StrategyFactory } from '@mnas/core/contracts'
import { paretoFront, searchLoop } from '@mnas/plugin-search'
import { describe, expect, it } from 'vitest'
import hard from '#internal/objectives/hard-objective.js'
import soft from '#internal/objectives/soft-objective.js'
import mnasnet from '#internal/space/mnasnet-space.js'
import random from '#internal/strategies/random-strategy.js'
import { completed, device, goal, searchOf, size, taskOptions } from '../support/made-up-search.js'
import { temporaryRuns } from '../support/temporary-runs.js'

const { openStore } = temporaryRuns()

describe('a search', () => {
  it('trains only what meets the budget, counts the rejected apart and keeps the best and the front', async () => {
    const store = await openStore()
    const result = await searchLoop(searchOf(store))
    expect(result.reason).toBe('trials')
    expect(result.counts).toMatchObject({ completed: 6, failed: 0, pending: 0 })
    expect(result.counts.rejected).toBe(store.trials().length - 6)
    const candidates = completed(store)
    expect(candidates).toHaveLength(6)
    for (const { facts } of candidates) {
      expect(facts.latency.latencyMs).toBeLessThanOrEqual(goal.targetMs!)
      expect(facts.sizeBytes).toBe(1000)
    }
    const accuracies = candidates.map(({ outcome }) => outcome?.status === 'completed' && outcome.estimate.metrics['top1'])
    expect(result.best.accuracy).toBe(Math.max(...accuracies.map(Number)))
    expect(result.front.map(({ id }) => id)).toContain(result.best.id)

    const best = JSON.parse(await readFile(join(store.folder, 'best.json'), 'utf8'))
    expect(best).toEqual({
      version: 1,
      id: result.best.id,
      architecture: result.best.architecture,
      accuracy: result.best.accuracy,
      latencyMs: result.best.latencyMs,
    })
    expect((await readdir(join(store.folder, 'models'))).sort()).toEqual(result.front.map(({ id }) => `${id}.json`).sort())
  })

  it('measures in the order smallest, calibration, quick, full, and each candidate once', async () => {
    const { timed, measure } = device()
    const store = await openStore()
    await searchLoop(searchOf(store, { measure }))
    expect(new Set(timed).size).toBe(timed.length)
    const smallest = mnasnet.create({
      width: mnasnet.widths[0]!,
      inputSize: size,
      task: { name: 'classification', options: taskOptions },
    })
    expect(timed[0]).toBe(`${architectureHash(smallest.decode(smallest.smallest()))} full`)
    for (const { candidate, outcome } of store.trials()) {
      if (outcome?.status !== 'completed') continue
      const [quick, full] = [timed.indexOf(`${candidate} quick`), timed.indexOf(`${candidate} full`)]
      expect(full).toBeGreaterThanOrEqual(0)
      if (quick >= 0) expect(quick).toBe(full - 1)
    }
  })

  it('says what is reachable when even the smallest network is too slow', async () => {
    const store = await openStore()
    await expect(searchLoop(searchOf(store, { goal: { ...goal, targetMs: 0.05 } }))).rejects.toMatchObject({
      code: 'MNAS_SEARCH_TARGET_UNREACHABLE',
      exitCode: 8,
      message: expect.stringMatching(/takes 0\.\d+ ms/),
    })
    expect(store.trials()).toEqual([])
  })

  it('proposes a target that can be reached', async () => {
    const tight = { ...goal, targetMs: 0.05, width: 0.35 }
    const failure = await searchLoop(searchOf(await openStore('tight'), { goal: tight })).catch((error: Error) => error)
    const proposed = Number(/Try --target-latency ([\d.]+)ms/.exec(String(failure))?.[1])
    expect(proposed).toBeGreaterThan(0.05)
    const { counts } = await searchLoop(searchOf(await openStore('wider'), { goal: { ...tight, targetMs: proposed } }))
    expect(counts.completed).toBe(6)
    expect(counts.rejected).toBeLessThan(60)
  })

  it('trains only what is within the limits, and says when nothing can be', async () => {
    const limits = { parameters: 600_000 }
    const store = await openStore()
    const limited = { ...goal, targetMs: null, width: 0.5, limits }
    await searchLoop(searchOf(store, { objectives: soft, goal: limited }))
    expect(completed(store)).toHaveLength(6)
    for (const { facts } of completed(store)) expect(facts.costs.parameters).toBeLessThanOrEqual(600_000)
    const tiny = { goal: { ...limited, limits: { parameters: 1000 } } }
    await expect(searchLoop(searchOf(await openStore('tiny'), tiny))).rejects.toMatchObject({
      code: 'MNAS_SEARCH_LIMIT_UNREACHABLE',
      exitCode: 8,
      message: expect.stringMatching(/at most 1000 parameters, but the smallest one .* has \d+ parameters/),
    })
    const small = { goal: { ...limited, limits: { sizeBytes: 999 } } }
    await expect(searchLoop(searchOf(await openStore('small'), small))).rejects.toMatchObject({
      code: 'MNAS_SEARCH_LIMIT_UNREACHABLE',
    })
  })

  it('serves an objective of another kind: three axes, no target', async () => {
    const store = await openStore()
    const light: ObjectiveFactory = {
      name: 'light',
      needsTarget: false,
      create: ({ metric }) => ({
        name: 'light',
        axes: [
          { name: metric, better: 'more' },
          { name: 'parameters', better: 'less' },
          { name: 'latencyMs', better: 'less' },
        ],
        values: ({ metrics, facts }) => [metrics[metric] ?? 0, facts.costs.parameters, facts.latency.latencyMs],
        reward: ({ metrics, facts }) => (metrics[metric] ?? 0) - facts.costs.parameters / 1e8,
        worthTraining: () => true,
      }),
    }
    const { front } = await searchLoop(searchOf(store, { objectives: light, goal: { ...goal, targetMs: null, width: 0.35 } }))
    const values = completed(store).map(({ outcome }) => (outcome?.status === 'completed' ? outcome.values : []))
    const axes = light.create({ targetMs: 1, metric: 'top1', limits: {} }).axes
    expect(front).toHaveLength(paretoFront(values, axes, (value) => value).length)
  })

  it('tells a known architecture again, neither training nor counting it', async () => {
    const store = await openStore()
    const told: (readonly [number | null, string])[] = []
    /** Proposes everything twice. */
    const stammering: StrategyFactory = {
      name: 'stammering',
      create(context) {
        const inner = random.create(context)
        let last: Proposal | undefined
        return {
          ...inner,
          async ask(n) {
            const again = last && { id: 1000 + last.id, genome: last.genome }
            last = again ? undefined : (await inner.ask(n))[0]
            return again ? [again] : last ? [last] : []
          },
          async tell(outcomes) {
            for (const { proposal, genome } of outcomes) told.push([proposal, String(genome)])
          },
        }
      },
    }
    const { counts } = await searchLoop(searchOf(store, { strategies: stammering }))
    expect(counts.completed).toBe(6)
    expect(store.events().filter(({ kind }) => kind === 'told-again').length).toBeGreaterThanOrEqual(5)
    const proposals = told.map(([proposal]) => proposal)
    expect(new Set(proposals).size).toBe(proposals.length)
    for (const [proposal, genome] of told) if (proposal! >= 1000) expect(told).toContainEqual([proposal! - 1000, genome])
    expect(store.told().map(({ proposal }) => proposal)).toEqual(proposals)
  })

  it('takes the largest width whose median estimate meets the target, and the whole skeleton without one', async () => {
    const widthFor = async (targetMs: number | null) => {
      const store = await openStore(`width ${targetMs}`)
      const objectives = targetMs === null ? soft : hard
      const { width } = await searchLoop(searchOf(store, { objectives, goal: { ...goal, targetMs, trials: 1 } }))
      return width
    }
    expect(await widthFor(100)).toBe(1.4)
    expect(await widthFor(0.6)).toBe(0.35)
    expect(await widthFor(null)).toBe(1)
  })

  it('compares with the reference network when no target is stated', async () => {
    const { timed, measure } = device()
    const store = await openStore()
    const parts = searchOf(store, { measure, objectives: soft, goal: { ...goal, targetMs: null, trials: 1 } })
    const { targetMs } = await searchLoop(parts)
    const a1 = scaleArchitecture(namedArchitecture('mnasnet-a1'), { inputSize: size })
    const reference = architectureHash(withTask(a1, 'classification', taskOptions))
    expect(timed).toContain(`${reference} full`)
    expect(targetMs).toBe(store.measurement(reference, 'full')?.measurement.latencyMs)
  })
})

import type { TrialJob } from '@mnas/core/contracts'
import { hashJson } from '@mnas/core/files'
import { type Search, searchLoop } from '@mnas/plugin-search'
import { describe, expect, it } from 'vitest'
import soft from '#internal/objectives/soft-objective.js'
import { weaklyDominates } from '#internal/pareto-front.js'
import { completed, completing, fractionOf, keeping, searchOf } from '../support/made-up-search.js'
import { temporaryRuns } from '../support/temporary-runs.js'

const { openStore } = temporaryRuns()

/** A tenth of the accuracy gets lost, and up to as much again by chance. */
function judging(fail: (job: TrialJob) => boolean = () => false) {
  const asked: string[] = []
  const judge: NonNullable<Search['judge']> = async (job, weights) => {
    asked.push(weights)
    if (fail(job)) throw new Error('the runtime crashed')
    const accuracy = completing(job)
    const float = accuracy.kind === 'completed' ? accuracy.result.metrics['top1']! : 0
    const quality = float * (0.9 - 0.1 * fractionOf(hashJson(weights)))
    return { precision: 'int8', quality, sameAnswers: 0.9, distance: 0.01, images: 10 }
  }
  return { asked, judge }
}

describe('a search in another precision than that of training', () => {
  const goal = { ...searchOf({} as never).goal, trials: 12, targetMs: null }

  it('looks at the files of those that would be on the front, each once, and rewards what is left', async () => {
    const [store, { asked, judge }, { deleted, executor: trainer }] = [await openStore(), judging(), keeping()]
    const { front } = await searchLoop(searchOf(store, { judge, executor: trainer, objectives: soft, goal }))
    const trials = completed(store)
    const judged = trials.filter(({ outcome }) => outcome?.status === 'completed' && outcome.estimate.quantized)
    expect(judged).toHaveLength(asked.length)
    expect(new Set(asked).size).toBe(asked.length)
    expect(asked.length).toBeLessThan(trials.length)
    expect(deleted).toHaveLength(trials.length)
    for (const { outcome } of judged)
      if (outcome?.status === 'completed') expect(outcome.values[0]).toBe(outcome.estimate.quantized!.quality)
    for (const { quantized, accuracy } of front) {
      expect(quantized).toMatchObject({ precision: 'int8', sameAnswers: 0.9, images: 10 })
      expect(quantized!.accuracy).toBeLessThan(accuracy)
    }
    const axes = soft.create({ targetMs: 1, metric: 'top1', limits: {} }).axes
    const values = store.front().map(({ outcome }) => outcome.values)
    for (const { outcome } of trials)
      if (outcome?.status === 'completed') expect(values.some((best) => weaklyDominates(axes, best, outcome.values))).toBe(true)
  })

  it('goes on without asking again', async () => {
    const [store, first] = [await openStore(), judging()]
    await searchLoop(searchOf(store, { judge: first.judge, executor: keeping().executor, goal: { ...goal, trials: 3 } }))
    const second = judging()
    await searchLoop(searchOf(store, { judge: second.judge, executor: keeping().executor, goal }))
    expect(second.asked.filter((weights) => first.asked.includes(weights))).toEqual([])
  })

  it('takes a file that cannot be run for a failure of that candidate, and deletes its weights too', async () => {
    const [store, { deleted, executor: trainer }] = [await openStore(), keeping()]
    let times = 0
    const { judge } = judging(() => ++times === 1)
    const { counts } = await searchLoop(searchOf(store, { judge, executor: trainer, goal: { ...goal, trials: 3 } }))
    expect(counts).toMatchObject({ failed: 1, completed: 2 })
    expect(deleted).toHaveLength(3)
  })
})

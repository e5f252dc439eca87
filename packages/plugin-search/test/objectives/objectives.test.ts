import type { Facts, SearchLimits } from '@mnas/core/contracts'
import { describe, expect, it } from 'vitest'
import absolute from '#internal/objectives/absolute-objective.js'
import hard from '#internal/objectives/hard-objective.js'
import soft from '#internal/objectives/soft-objective.js'
import { withinLimits } from '#internal/objectives/within-limits.js'

const factsAt = (latencyMs: number, relativeError = 0): Facts => ({
  latency: { latencyMs, source: 'measured', relativeError },
  costs: { parameters: 1, macs: 1, peakMemoryBytes: 1 },
  sizeBytes: null,
})
const options = { targetMs: 10, metric: 'top1', limits: {} }
const metrics = { top1: 0.8 }

describe('objectives', () => {
  it('hard: accuracy up to the target, in proportion beyond it', () => {
    const objective = hard.create(options)
    expect(objective.reward({ metrics, facts: factsAt(2) })).toBe(0.8)
    expect(objective.reward({ metrics, facts: factsAt(10) })).toBe(0.8)
    expect(objective.reward({ metrics, facts: factsAt(20) })).toBeCloseTo(0.4)
    expect(objective.worthTraining(factsAt(10))).toBe(true)
    expect(objective.worthTraining(factsAt(10.001))).toBe(false)
    expect(objective.worthTraining(factsAt(11.9, 1 / 6))).toBe(true)
    expect(objective.worthTraining(factsAt(12.1, 1 / 6))).toBe(false)
  })

  it('soft: twice the latency costs 5 %, and a target moves no order', () => {
    const objective = soft.create(options)
    const other = soft.create({ ...options, targetMs: 40 })
    expect(objective.reward({ metrics, facts: factsAt(20) }) / objective.reward({ metrics, facts: factsAt(10) })).toBeCloseTo(
      2 ** -0.07,
    )
    const ratio = (at: number) =>
      objective.reward({ metrics, facts: factsAt(at) }) / other.reward({ metrics, facts: factsAt(at) })
    expect(ratio(3)).toBeCloseTo(ratio(30))
    expect(objective.worthTraining(factsAt(1e6))).toBe(true)
  })

  it('absolute: falls on both sides of the target, trains up to 1.2 of it', () => {
    const objective = absolute.create(options)
    expect(objective.reward({ metrics, facts: factsAt(10) })).toBe(0.8)
    expect(objective.reward({ metrics, facts: factsAt(5) })).toBeCloseTo(0.75)
    expect(objective.reward({ metrics, facts: factsAt(15) })).toBeCloseTo(0.75)
    expect(objective.worthTraining(factsAt(12))).toBe(true)
    expect(objective.worthTraining(factsAt(12.1))).toBe(false)
  })

  it('counts a missing or broken metric as 0', () => {
    for (const factory of [hard, soft]) {
      expect(factory.create(options).reward({ metrics: {}, facts: factsAt(5) })).toBe(0)
      expect(factory.create(options).reward({ metrics: { top1: Number.NaN }, facts: factsAt(5) })).toBe(0)
    }
  })

  it('show accuracy and latency on their front, and say whether they need a target', () => {
    for (const factory of [hard, soft, absolute]) {
      const objective = factory.create(options)
      expect(objective.axes).toEqual([
        { name: 'top1', better: 'more' },
        { name: 'latencyMs', better: 'less' },
      ])
      expect(objective.values({ metrics, facts: factsAt(7) })).toEqual([0.8, 7])
    }
    expect([hard, soft, absolute].map(({ needsTarget }) => needsTarget)).toEqual([true, false, true])
  })
})

describe('withinLimits', () => {
  const large = (sizeBytes: number | null): Facts => ({
    latency: { latencyMs: 5, source: 'measured', relativeError: 0 },
    costs: { parameters: 1000, macs: 1, peakMemoryBytes: 4096 },
    sizeBytes,
  })
  const worth = (limits: SearchLimits, sizeBytes: number | null = null) =>
    withinLimits(hard.create(options), limits).worthTraining(large(sizeBytes))

  it('trains what is within all limits, and what may still be', () => {
    expect(worth({})).toBe(true)
    expect(worth({ parameters: 1000, peakMemoryBytes: 4096 })).toBe(true)
    expect(worth({ parameters: 999 })).toBe(false)
    expect(worth({ peakMemoryBytes: 4095 })).toBe(false)
    expect(worth({ sizeBytes: 5000 })).toBe(true)
    expect(worth({ sizeBytes: 5000 }, 5000)).toBe(true)
    expect(worth({ sizeBytes: 5000 }, 5001)).toBe(false)
  })

  it('allows a predicted size to be 2 % too large', () => {
    const predicted = (sizeBytes: number): Facts => {
      const latency = { latencyMs: 5, source: 'estimated', relativeError: 0.1 } as const
      return { ...large(sizeBytes), latency }
    }
    const objective = withinLimits(hard.create(options), { sizeBytes: 5000 })
    expect([5100, 5103].map((bytes) => objective.worthTraining(predicted(bytes)))).toEqual([true, false])
  })

  it('leaves the objective itself as it is', () => {
    const objective = withinLimits(hard.create(options), { parameters: 1 })
    expect(objective.reward({ metrics, facts: factsAt(20) })).toBeCloseTo(0.4)
    expect(withinLimits(hard.create(options), {}).worthTraining(factsAt(10.001))).toBe(false)
  })
})

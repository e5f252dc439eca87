import type { Facts } from '@mnas/core/contracts'
import { describe, expect, it } from 'vitest'
import absolute from '../dist/objectives/absolute-objective.js'
import hard from '../dist/objectives/hard-objective.js'
import soft from '../dist/objectives/soft-objective.js'

const factsAt = (latencyMs: number, relativeError = 0): Facts => ({
  latency: { latencyMs, source: 'measured', relativeError },
  costs: { parameters: 1, macs: 1, peakMemoryBytes: 1 },
})
const options = { targetMs: 10, metric: 'top1' }
const metrics = { top1: 0.8 }

describe('objectives', () => {
  it('hard: accuracy up to the target, in proportion beyond it', () => {
    const objective = hard.create(options)
    expect(objective.reward(metrics, factsAt(2))).toBe(0.8)
    expect(objective.reward(metrics, factsAt(10))).toBe(0.8)
    expect(objective.reward(metrics, factsAt(20))).toBeCloseTo(0.4)
    expect(objective.worthTraining(factsAt(10))).toBe(true)
    expect(objective.worthTraining(factsAt(10.001))).toBe(false)
    expect(objective.worthTraining(factsAt(11.9, 1 / 6))).toBe(true)
    expect(objective.worthTraining(factsAt(12.1, 1 / 6))).toBe(false)
  })

  it('soft: twice the latency costs 5 %, and a target moves no order', () => {
    const objective = soft.create(options)
    const other = soft.create({ ...options, targetMs: 40 })
    expect(objective.reward(metrics, factsAt(20)) / objective.reward(metrics, factsAt(10))).toBeCloseTo(2 ** -0.07)
    const ratio = (at: number) => objective.reward(metrics, factsAt(at)) / other.reward(metrics, factsAt(at))
    expect(ratio(3)).toBeCloseTo(ratio(30))
    expect(objective.worthTraining(factsAt(1e6))).toBe(true)
  })

  it('absolute: falls on both sides of the target, trains up to 1.2 of it', () => {
    const objective = absolute.create(options)
    expect(objective.reward(metrics, factsAt(10))).toBe(0.8)
    expect(objective.reward(metrics, factsAt(5))).toBeCloseTo(0.75)
    expect(objective.reward(metrics, factsAt(15))).toBeCloseTo(0.75)
    expect(objective.worthTraining(factsAt(12))).toBe(true)
    expect(objective.worthTraining(factsAt(12.1))).toBe(false)
  })

  it('counts a missing or broken metric as 0', () => {
    for (const factory of [hard, soft]) {
      expect(factory.create(options).reward({}, factsAt(5))).toBe(0)
      expect(factory.create(options).reward({ top1: Number.NaN }, factsAt(5))).toBe(0)
    }
  })
})

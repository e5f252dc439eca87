import { describe, expect, it } from 'vitest'
import { compareMetrics } from '#internal/verify/accuracy/compare-metrics.js'
import { compareAnswers } from '#internal/verify/golden/compare-answers.js'
import { keptNumbers, outputWithoutNumbers } from '#internal/verify/golden/kept-numbers.js'
import { isNear } from '#internal/verify/latency/check-latency.js'

describe('metrics of a claim, measured again on the same images', () => {
  const found = { images: 200, metrics: { top1: 0.8, top5: 0.95, loss: 0.5, count: 200, 'perClass.a': 0.7 } }
  const compared = (claimed: Readonly<Record<string, number>>) =>
    Object.fromEntries(compareMetrics(claimed, found, 'top1').map(({ name, holds }) => [name, holds]))

  it('are judged each, by two images where each of them counts the same, else by a hundredth', () => {
    expect(compared({ top1: 0.81, top5: 0.96, loss: 0.49, count: 200 })).toEqual({ top1: true, top5: true, loss: true })
    expect(compared({ top1: 0.8101, top5: 0.999, loss: 0.4 })).toEqual({ top1: false, top5: false, loss: false })
  })

  it('are none where no number was measured again: neither others, nor a count, nor those of single classes', () => {
    expect(compared({ balancedAccuracy: 0.999, count: 200, 'perClass.a': 0.99, toString: 1 })).toEqual({})
  })
})

describe('a latency, measured again', () => {
  const measured = { latencyMs: 10, spread: 0.01 }
  const near = (p50: number, spread: number | null, now = measured) =>
    isNear({ ms: { p50, p90: null, p99: null, min: null }, spread }, now)

  it('may be off by a tenth, or by three spreads, of which a publisher can claim none that no stable measurement has', () => {
    expect([near(9.2, null), near(8.9, null), near(8.9, 0.045)]).toEqual([true, false, true])
    expect([near(8.9, null, { latencyMs: 10, spread: 0.045 }), near(8.6, 0.05)]).toEqual([true, false])
    expect([near(5, 5), near(20, 1e9), near(8.8, 5)]).toEqual([false, false, true])
  })
})

describe('an answer that is no number', () => {
  const tensor = (...data: readonly number[]) => ({ shape: [1, data.length], data: Float32Array.from(data) })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('such as %s agrees with nothing', (value) => {
    const kept = keptNumbers({ probabilities: tensor(0.5, value) } as never, null)
    expect(outputWithoutNumbers(kept)).toBe('probabilities')
    for (const expected of [0, 0.5, value])
      expect(compareAnswers({ step: null, length: 2, values: [[0.5, expected]] }, [kept['probabilities']], true).holds).toBe(
        false,
      )
  })

  it('is none among numbers', () => {
    expect(outputWithoutNumbers(keptNumbers({ probabilities: tensor(0.5, 0) } as never, null))).toBeUndefined()
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatCheck } from '#internal/proxy-check/format-check.js'
import { type CheckedNetwork, judgeProxies } from '#internal/proxy-check/judge-proxies.js'
import { proxySettings } from '#internal/proxy-check/proxy-settings.js'
import { referenceEpochs } from '#internal/proxy-check/reference-epochs.js'
import { ranksOf, spearman } from '#internal/proxy-check/spearman.js'

const headline = { name: 'top1', label: 'top-1', percent: true }
const reference = { epochs: 40, inputSize: 96 }
const cheap = { epochs: 5, inputSize: 96 }
const dear = { epochs: 20, inputSize: 96 }
/** 0 to 11 in an order that has little to do with the right one. */
const shuffled = [5, 1, 8, 11, 0, 7, 3, 10, 2, 9, 4, 6]

/** Twelve networks, each .02 better than the one before; their seeds differ by .004. */
const networksWith = (proxies: (index: number) => CheckedNetwork['proxies']): readonly CheckedNetwork[] =>
  shuffled.map((_, index) => ({
    references: [{ top1: 0.5 + 0.02 * index - 0.002 }, { top1: 0.5 + 0.02 * index + 0.002 }],
    proxies: proxies(index),
  }))
const judged = (networks: readonly CheckedNetwork[], proxies = [cheap, dear]) =>
  judgeProxies({ reference, proxies, networks, headline, heldOut: 500 })

describe('rank correlation', () => {
  it('shares ranks among equals, and is that of textbooks', () => {
    expect(ranksOf([3, 1, 3, 2])).toEqual([3.5, 1, 3.5, 2])
    // Without equals 1 − 6 Σ d² / n (n² − 1).
    expect(spearman([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])).toBeCloseTo(1 - (6 * 4) / (5 * 24), 12)
    expect(spearman([1, 2, 3], [7, 7, 7])).toBe(0)
  })

  it('lies within ±1 and looks at the order alone', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), { minLength: 2 })
    fc.assert(
      fc.property(pairs, (all) => {
        const [a, b] = [all.map(([x]) => x), all.map(([, y]) => y)]
        const value = spearman(a, b)
        expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-12)
        expect(spearman(a.map(Math.exp), b)).toBeCloseTo(value, 12)
        expect(spearman(b, a)).toBeCloseTo(value, 12)
      }),
      { numRuns: 50 },
    )
  })
})

describe('proxies', () => {
  it('are recommended where the order shows it', () => {
    const found = judged(networksWith((index) => [{ top1: 0.3 + 0.01 * shuffled[index]! }, { top1: 0.4 + 0.01 * index }]))
    expect(found.recommended).toMatchObject({ ...dear, metric: 'top1', cost: 0.5, correlation: { value: 1, low: 1, high: 1 } })
    expect(found.alike).toEqual([found.recommended])
    const lines = formatCheck({ ...found, headline, reference, heldOut: 500, wanted: 12, failed: 0 })
    expect(lines.at(-1)).toBe('Recommended: --proxy-epochs 20 --proxy-size 96 by top-1')
  })

  it('are not, where a cheaper one is as good for all that the networks say', () => {
    const level = judged(networksWith((index) => [{ top1: index }, { top1: index }]))
    expect(level.recommended).toMatchObject(cheap)
    const worse = judged(networksWith((index) => [{ top1: index === 3 ? 4.5 : index }, { top1: index }]))
    expect(worse.recommended).toBeNull()
    expect(worse.alike.map(({ epochs }) => epochs)).toEqual([5, 20])
    const lines = formatCheck({ ...worse, headline, reference, heldOut: 500, wanted: 12, failed: 0 })
    expect(lines.at(-1)).toMatch(/intervals overlap: 12 networks .* another apart .*cheapest of them: --proxy-epochs 5/)
  })

  it('are read by the loss too, of which less is better', () => {
    const found = judged(
      networksWith((index) => [{ top1: 0.5, loss: 2 - 0.1 * index }]),
      [cheap],
    )
    expect(found.proxies.map(({ metric, correlation }) => [metric, correlation.value])).toEqual([
      ['loss', 1],
      ['top1', 0],
    ])
    expect(found.recommended).toMatchObject({ metric: 'loss' })
  })

  it('say so when they tell nothing', () => {
    const found = judged(
      networksWith(() => [{ top1: 0.5 }]),
      [cheap],
    )
    expect(found.recommended).toBeNull()
    const lines = formatCheck({ ...found, headline, reference, heldOut: 500, wanted: 14, failed: 1 })
    expect(lines[0]).toBe('12 of 14 networks, 1 failed, each trained twice for 40 epochs at 96 px')
    expect(lines.at(-1)).toContain('No proxy orders these 12 networks better than chance')
  })

  it('come with what chance does to the reference', () => {
    const { noise, betweenSeeds } = judged(
      networksWith((index) => [{ top1: index }]),
      [cheap],
    )
    expect(noise.seeds).toBeCloseTo(0.004 / Math.SQRT2, 12)
    // Of 0, .02 … .22: .02 √(12 · 13 / 12).
    expect(noise.networks).toBeCloseTo(0.02 * Math.sqrt(13), 12)
    expect(noise.heldOut).toBeGreaterThan(Math.sqrt((0.7 * 0.3) / 500))
    expect(noise.heldOut).toBeLessThan(Math.sqrt(0.25 / 500))
    expect(betweenSeeds.value).toBe(1)
  })

  it('are shares of the reference where nobody says which', () => {
    const none = { epochs: [], sizes: [] }
    const settings = proxySettings(reference, none)
    expect(settings.map(({ epochs, inputSize }) => `${epochs} ${inputSize}`)).toEqual([
      '5 72',
      '5 96',
      '10 72',
      '10 96',
      '20 72',
      '20 96',
    ])
    expect(proxySettings(reference, { epochs: [3, 3], sizes: [64] })).toEqual([{ epochs: 3, inputSize: 64 }])
    // The size itself is never rounded, and a smaller one has to be one that networks can be trained at.
    expect(new Set(proxySettings({ epochs: 8, inputSize: 100 }, none).map(({ inputSize }) => inputSize))).toEqual(
      new Set([72, 100]),
    )
    // Of one epoch there is no eighth.
    expect(proxySettings({ epochs: 1, inputSize: 24 }, none)).toEqual([{ epochs: 1, inputSize: 24 }])
  })

  it('have a reference as long as the time allows', () => {
    const pace = {
      ...{ secondsPerBatch: 0.1, batchesPerEpoch: 40, secondsPerInference: 0.05, batchesPerEvaluation: 20 },
      ...{ batchesAtEnd: 0, evaluateEveryEpochs: 1 },
    }
    // 5 s an epoch; 3.37 references for each of 12 networks.
    expect(referenceEpochs(3600, 12, 96, pace)).toBe(Math.floor((0.85 * 3600) / (12 * (2 + 0.875 * 1.5625) * 5)))
    expect(referenceEpochs(1, 12, 96, pace)).toBe(4)
    expect(referenceEpochs(1e9, 12, 96, pace)).toBe(100)
  })
})

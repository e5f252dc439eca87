import { averageDecayAt, learningRateAt } from '@mnas/core/training'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const stepsPerEpoch = 100
const recipe = (learningRate: Parameters<typeof learningRateAt>[0]['recipe']['learningRate'], batchSize = 256) => ({
  learningRate,
  batchSize,
  accumulate: 1,
})

describe('learningRateAt', () => {
  test('the paper: .016 per 256 images, 5 epochs of warm-up, ×.97 every 2.4 epochs, steps counted from 0', () => {
    const schedule = {
      recipe: recipe({ base: 0.016, schedule: 'exponential', warmupEpochs: 5, decayRate: 0.97, decayEpochs: 2.4 }),
      stepsPerEpoch,
      epochs: 350,
    }
    expect(learningRateAt(schedule, 0)).toBe(0)
    expect(learningRateAt(schedule, 250)).toBeCloseTo(0.008, 12)
    // 500 / 240 = 2.08: two decays have passed when the warm-up ends
    expect(learningRateAt(schedule, 500)).toBeCloseTo(0.016 * 0.97 ** 2, 12)
    expect(learningRateAt(schedule, 719)).toBeCloseTo(0.016 * 0.97 ** 2, 12)
    expect(learningRateAt(schedule, 720)).toBeCloseTo(0.016 * 0.97 ** 3, 12)
  })

  test('cosine falls from the peak to half at the middle and to nothing at the end', () => {
    const schedule = { recipe: recipe({ base: 0.1, schedule: 'cosine', warmupEpochs: 0 }, 128), stepsPerEpoch, epochs: 10 }
    expect(learningRateAt(schedule, 0)).toBeCloseTo(0.05, 12)
    expect(learningRateAt(schedule, 500)).toBeCloseTo(0.025, 12)
    expect(learningRateAt(schedule, 1000)).toBeCloseTo(0, 12)
  })

  test('is scaled with all images of an update', () => {
    const learningRate = { base: 0.1, schedule: 'constant', warmupEpochs: 0 } as const
    const schedule = { recipe: { learningRate, batchSize: 64, accumulate: 8 }, stepsPerEpoch, epochs: 10 }
    expect(learningRateAt(schedule, 7)).toBeCloseTo(0.2, 12)
  })

  test('never negative, never above the peak', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('cosine' as const, 'exponential' as const, 'constant' as const),
        fc.nat(4),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(3000),
        (kind, warmupEpochs, epochs, step) => {
          const schedule = { recipe: recipe({ base: 0.3, schedule: kind, warmupEpochs }, 64), stepsPerEpoch, epochs }
          const rate = learningRateAt(schedule, step)
          expect(rate).toBeGreaterThanOrEqual(0)
          expect(rate).toBeLessThanOrEqual((0.3 * 64) / 256 + 1e-12)
        },
      ),
    )
  })
})

test('the average warms up as (1 + n) / (10 + n)', () => {
  expect(averageDecayAt(0.9999, 0)).toBeCloseTo(0.1, 12)
  expect(averageDecayAt(0.9999, 90)).toBeCloseTo(0.91, 12)
  expect(averageDecayAt(0.9999, 1e9)).toBe(0.9999)
})

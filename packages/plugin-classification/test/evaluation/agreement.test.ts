import { describe, expect, it } from 'vitest'
import { ClassificationAgreement } from '#internal/agreement.js'

const probabilities = (...values: readonly number[]) => ({
  probabilities: { dtype: 'float32' as const, shape: [1, values.length], data: Float32Array.from(values) },
})

/** Nobody knows its class. */
const unknown = { inputs: {} }
const ofClass = (...labels: readonly number[]) => ({
  inputs: { labels: { dtype: 'float32' as const, shape: [1, labels.length], data: Float32Array.from(labels) } },
})

describe('the agreement of a model and its file', () => {
  it('has no error for the same answers', () => {
    const agreement = new ClassificationAgreement('photos')
    agreement.add(probabilities(0.7, 0.2, 0.1), probabilities(0.7, 0.2, 0.1), unknown)
    expect(agreement.result()).toEqual({ maxLogProbabilityError: 0, meanKl: 0, top1Agreement: 1 })
    expect(agreement.summary()).toBe('top-1 100.00 %, largest log-probability error 0.0e+0')
  })

  it('is the largest difference of logarithms and the fraction of equal top classes', () => {
    const agreement = new ClassificationAgreement('photos')
    agreement.add(probabilities(0.7, 0.2, 0.1), probabilities(0.7, 0.2, 0.1), unknown)
    agreement.add(probabilities(0.1, 0.3, 0.6), probabilities(0.6, 0.3, 0.1), unknown)
    // Σ p·ln(p/q) of the second image: .1·ln(.1/.6) + .6·ln(.6/.1).
    const meanKl = expect.closeTo((0.5 * Math.log(6)) / 2, 6)
    expect(agreement.result()).toEqual({ maxLogProbabilityError: expect.closeTo(Math.log(6), 5), meanKl, top1Agreement: 0.5 })
    expect(agreement.comparison()).toEqual({ distance: meanKl, sameAnswers: 0.5, quality: null })
  })

  it('knows what both are worth where the classes are known', () => {
    const agreement = new ClassificationAgreement('photos')
    agreement.add(probabilities(0.7, 0.2, 0.1), probabilities(0.7, 0.2, 0.1), ofClass(1, 0, 0))
    agreement.add(probabilities(0.1, 0.3, 0.6), probabilities(0.6, 0.3, 0.1), ofClass(0, 0, 1))
    agreement.add(probabilities(0.1, 0.3, 0.6), probabilities(0.6, 0.3, 0.1), ofClass(1, 0, 0))
    agreement.add(probabilities(0.1, 0.8, 0.1), probabilities(0.6, 0.3, 0.1), unknown)
    expect(agreement.comparison().quality).toEqual({ engine: 2 / 3, file: 2 / 3 })
    expect(agreement.result()).toMatchObject({ top1: 2 / 3, engineTop1: 2 / 3 })
  })

  it('takes 8-bit probabilities, which do not add up to 1 and may be 0, by their shares', () => {
    const agreement = new ClassificationAgreement('photos')
    agreement.add(probabilities(0.5, 0.5, 0), probabilities(0.25, 0.25, 0), unknown)
    expect(agreement.comparison().distance).toBeCloseTo(0, 6)
  })

  it('says of synthetic inputs nothing but the error, and of none nothing', () => {
    const agreement = new ClassificationAgreement('synthetic')
    expect(agreement.result()).toEqual({})
    agreement.add(probabilities(1, 0), probabilities(1, 1e-40), unknown)
    expect(agreement.result()).toEqual({ maxLogProbabilityError: 0 })
  })
})

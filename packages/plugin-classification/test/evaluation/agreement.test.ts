import { describe, expect, it } from 'vitest'
import { ClassificationAgreement } from '#internal/agreement.js'

const probabilities = (...values: readonly number[]) => ({
  probabilities: { dtype: 'float32' as const, shape: [1, values.length], data: Float32Array.from(values) },
})

describe('the agreement of a model and its file', () => {
  it('has no error for the same answers', () => {
    const agreement = new ClassificationAgreement('photos')
    agreement.add(probabilities(0.7, 0.2, 0.1), probabilities(0.7, 0.2, 0.1))
    expect(agreement.result()).toEqual({ maxLogProbabilityError: 0, top1Agreement: 1 })
    expect(agreement.summary()).toBe('top-1 100.00 %, largest log-probability error 0.0e+0')
  })

  it('is the largest difference of logarithms and the fraction of equal top classes', () => {
    const agreement = new ClassificationAgreement('photos')
    agreement.add(probabilities(0.7, 0.2, 0.1), probabilities(0.7, 0.2, 0.1))
    agreement.add(probabilities(0.1, 0.3, 0.6), probabilities(0.6, 0.3, 0.1))
    expect(agreement.result()).toEqual({ maxLogProbabilityError: expect.closeTo(Math.log(6), 5), top1Agreement: 0.5 })
  })

  it('says of synthetic inputs nothing but the error, and of none nothing', () => {
    const agreement = new ClassificationAgreement('synthetic')
    expect(agreement.result()).toEqual({})
    agreement.add(probabilities(1, 0), probabilities(1, 1e-40))
    expect(agreement.result()).toEqual({ maxLogProbabilityError: 0 })
  })
})

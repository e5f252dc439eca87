import { describe, expect, it } from 'vitest'
import { beyondLimits, roundingFaults } from '#internal/deployment/verification/beyond-limits.js'

const headline = { name: 'top1', label: 'top-1', percent: true }
const file = (path: string, engine: number, received: number, sameAnswers: number | null = 0.9) => ({
  file: { path, precision: 'int8' as const },
  comparison: { distance: 0.1, sameAnswers, quality: { engine, file: received } },
})

describe('what a file may lose', () => {
  it('is as much as was allowed, and gains are no loss', () => {
    const files = [file('a', 0.9, 0.88), file('b', 0.9, 0.95), file('c', 0.5, 0.5, null)]
    expect(beyondLimits(files, headline, { maxDrop: 0.021, minAgreement: null })).toBeNull()
    expect(beyondLimits(files, headline, { maxDrop: 0.021, minAgreement: 0.9 })).toBeNull()
  })

  it('is what was allowed to the last digit, whatever binary numbers make of it', () => {
    expect(0.9 - 0.88).toBeGreaterThan(0.02)
    expect(beyondLimits([file('a', 0.9, 0.88)], headline, { maxDrop: 0.02, minAgreement: null })).toBeNull()
    const more = beyondLimits([file('a', 0.9, 0.8799)], headline, { maxDrop: 0.02, minAgreement: null })
    expect(more).toMatchObject({ code: 'MNAS_DEPLOY_WORSE' })
  })

  it('names every file beyond it, with what was expected and what came', () => {
    const error = beyondLimits([file('a.tflite', 0.9, 0.8), file('b.tflite', 0.9, 0.9)], headline, {
      maxDrop: 0.02,
      minAgreement: 0.95,
    })
    expect(error).toMatchObject({ code: 'MNAS_DEPLOY_WORSE', exitCode: 8 })
    expect(error!.message).toContain('a.tflite: top-1 80.0 %, 90.0 % before. Expected at most 2.0 % less, received 10.0 %')
    expect(error!.message).toContain('b.tflite: says the same as the model on 90.00 % of the images. Expected at least 95.00 %')
  })

  it('is not judged where the truth is not known', () => {
    const unknown = { file: { path: 'a', precision: null }, comparison: { distance: 9, sameAnswers: null, quality: null } }
    expect(beyondLimits([unknown], headline, { maxDrop: 0, minAgreement: 1 })).toBeNull()
  })

  it('is rounding alone where nothing was quantised, whatever else was allowed', () => {
    const whole = (...args: Parameters<typeof file>) => {
      const { comparison } = file(...args)
      return { file: { path: args[0], precision: 'float32' as const }, comparison }
    }
    expect(roundingFaults([whole('a', 0.9, 0.899, 0.99), file('b', 0.9, 0.5)], headline)).toEqual([])
    const faults = roundingFaults([whole('a', 0.9, 0.89, 1), whole('b', 0.9, 0.9, 0.98)], headline)
    expect(faults).toEqual([
      expect.stringContaining('a: top-1 89.0 %'),
      expect.stringContaining('b: says the same as the model on 98.00 %'),
    ])
  })
})

import { fullBenchmark, measureInProcesses, median, summarize, timingOf } from '@mnas/core/measurement'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runtime, told } from './made-up-timings.js'

describe('summarize', () => {
  it('takes the median of the process medians and their spread', () => {
    const summary = summarize([timingOf([9, 10, 50]), timingOf([11, 12, 11]), timingOf([30, 10.5, 10.5])])
    expect(summary.latencyMs).toBe(10.5)
    expect(summary.spread).toBeCloseTo(1 / 10.5, 12)
    expect(summary.statistic).toBe('median')
  })

  it('takes the means where a tool gives no medians, of all processes alike', () => {
    expect(summarize([told(10), told(12), told(11)])).toEqual({ latencyMs: 11, spread: 2 / 11, statistic: 'mean' })
    expect(summarize([told(10, 9), told(12, 9), told(11)])).toMatchObject({ latencyMs: 11, statistic: 'mean' })
    expect(summarize([told(10, 9), told(12, 8)])).toMatchObject({ latencyMs: 8.5, statistic: 'median' })
  })

  it('has no spread for one process', () => {
    expect(summarize([timingOf([3, 1, 2])])).toEqual({ latencyMs: 2, spread: 0, statistic: 'median' })
  })

  it('refuses no samples', () => {
    expect(() => summarize([])).toThrow(expect.objectContaining({ code: 'MNAS_INTERNAL' }))
    expect(() => timingOf([])).toThrow(expect.objectContaining({ code: 'MNAS_INTERNAL' }))
  })

  it('has half of the values on either side of the median, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 }), (values) => {
        const middle = median(values)
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2)
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2)
        expect(median(values.toReversed())).toBe(middle)
      }),
    )
  })
})

describe('timingOf', () => {
  it('says what the runs of a process come to', () => {
    const samplesMs = [2, 4, 4, 4, 5, 5, 7, 9]
    const expected = { count: 8, medianMs: 4.5, meanMs: 5, minMs: 2, maxMs: 9, stdMs: 2, samplesMs }
    expect(timingOf(samplesMs)).toEqual(expected)
    expect(timingOf([3])).toEqual({ count: 1, medianMs: 3, meanMs: 3, minMs: 3, maxMs: 3, stdMs: 0, samplesMs: [3] })
  })
})

describe('measureInProcesses', () => {
  const states = [{ load: 1 }, { load: 2 }]
  const timed = (signal = new AbortController().signal) => {
    let asked = 0
    return { runtime, fingerprint: 'f', state: async () => states[asked++]!, signal }
  }

  it('makes a measurement of what one process after the other gives, samples or a summary', async () => {
    const given = [[3, 1, 2], told(2.1, 2.1), [2.2]]
    const options = { ...fullBenchmark, threads: 2, flags: { fast: true } }
    expect(await measureInProcesses(options, timed(), async () => given.shift()!)).toEqual({
      latencyMs: 2.1,
      spread: (2.2 - 2) / 2.1,
      stable: false,
      statistic: 'median',
      processes: [timingOf([3, 1, 2]), told(2.1, 2.1), timingOf([2.2])],
      runtime,
      flags: { threads: 2, fast: true },
      fingerprint: 'f',
      before: { load: 1 },
      after: { load: 2 },
    })
  })

  it('starts no further process once the signal is aborted', async () => {
    const controller = new AbortController()
    let started = 0
    const once = async () => {
      started++
      controller.abort(new Error('enough'))
      return [1]
    }
    await expect(measureInProcesses(fullBenchmark, timed(controller.signal), once)).rejects.toThrow('enough')
    expect(started).toBe(1)
  })
})

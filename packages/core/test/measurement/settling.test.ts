import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Device, DeviceWait, LatencyMeasurement } from '@mnas/core/contracts'
import { flagsOf, formatLatency, fullBenchmark, measureLatency, openMeasurementCache, timingOf } from '@mnas/core/measurement'
import { testFile } from '@mnas/core/testing'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'mnas-settling-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = testFile()
const runtime = { name: 'fake', version: '1', sha256: 'a'.repeat(64) }

/** A device whose processes agree, and what else its measurements say. */
function device(rounds: readonly Partial<LatencyMeasurement>[], settle?: Device['settle']) {
  const calls: string[] = []
  let asked = 0
  const scripted: Device = {
    describe: async () => ({
      ...{ name: 'scripted', kind: 'phone', emulated: true, formats: ['tflite'], details: {} },
      ...{ runtime, fingerprint: 'first' },
    }),
    ...(settle && {
      settle: async (onWait) => {
        calls.push('settle')
        await settle(onWait)
      },
    }),
    async benchmark(_file, options) {
      calls.push('benchmark')
      const processes = [1, 2, 3].map(() => timingOf(Array<number>(50).fill(10)))
      const measured = { latencyMs: 10, spread: 0, stable: true, statistic: 'median', processes, before: {}, after: {} } as const
      return { ...measured, runtime, flags: flagsOf(options), fingerprint: 'first', ...rounds[asked++] }
    },
    close: async () => undefined,
  }
  return { scripted, calls }
}

describe('a device that settles', () => {
  it('does so before each round, and what it waits for is told', async () => {
    const waits: DeviceWait[] = []
    const hot = { reason: 'hot', seconds: 10 }
    const { scripted, calls } = device([{ spread: 0.2 }, {}], async (onWait) => onWait(hot))
    await measureLatency({ device: scripted, file, options: fullBenchmark, onWait: (wait) => waits.push(wait) })
    expect(calls).toEqual(['settle', 'benchmark', 'settle', 'benchmark'])
    expect(waits).toEqual([hot, hot])
  })
})

describe('a measurement in doubt', () => {
  it('is kept, not stable, and not repeated for it: the device has done what it could', async () => {
    const { scripted, calls } = device([{ doubts: ['thermal'] }])
    const measured = await measureLatency({ device: scripted, file, options: fullBenchmark })
    expect(measured).toMatchObject({ latencyMs: 10, stable: false, doubts: ['thermal'] })
    expect(calls).toEqual(['benchmark'])
  })

  it('stays out of the cache', async () => {
    const cache = openMeasurementCache(join(folder, 'doubts'))
    const { scripted, calls } = device([{ doubts: ['battery'] }, { doubts: [] }])
    await measureLatency({ device: scripted, file, options: fullBenchmark, cache })
    expect(await measureLatency({ device: scripted, file, options: fullBenchmark, cache })).toMatchObject({ stable: true })
    await measureLatency({ device: scripted, file, options: fullBenchmark, cache })
    expect(calls).toHaveLength(2)
    cache.close()
  })

  it('is cached for the device that it was measured on, which may have changed since it was asked what it is', async () => {
    const cache = openMeasurementCache(join(folder, 'changed'))
    const { scripted } = device([{ fingerprint: 'second' }])
    await measureLatency({ device: scripted, file, options: fullBenchmark, cache })
    const key = { structure: file.structure, runtime, flags: flagsOf(fullBenchmark) }
    expect(cache.get({ ...key, fingerprint: 'first' }, { processes: 1, runs: 1 })).toBeNull()
    expect(cache.get({ ...key, fingerprint: 'second' }, { processes: 1, runs: 1 })).toMatchObject({ latencyMs: 10 })
    cache.close()
  })
})

describe('a latency for people', () => {
  const measured = { latencyMs: 10, spread: 0.012, stable: true }

  it('says what makes it less than a fact', () => {
    expect(formatLatency(measured, false)).toBe('10.00 ms (spread 1.2 %)')
    expect(formatLatency({ ...measured, stable: false }, false)).toContain('UNSTABLE: the machine was busy, measure again')
    expect(formatLatency({ ...measured, stable: false, doubts: ['thermal', 'drift'] }, true)).toBe(
      '10.00 ms (spread 1.2 %; UNSTABLE: the device was hot, a known model moved meanwhile, measure again; emulated)',
    )
    expect(formatLatency({ ...measured, numerics: { agrees: true, difference: 1e-7 } }, false)).toBe('10.00 ms (spread 1.2 %)')
    expect(formatLatency({ ...measured, numerics: { agrees: false, difference: 0.123 } }, false)).toContain(
      'OTHER ANSWERS than here, by 12 % of their range',
    )
  })
})

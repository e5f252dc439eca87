import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Device } from '@mnas/core/contracts'
import { fullBenchmark, measureLatency, openMeasurementCache, quickBenchmark, timingOf } from '@mnas/core/measurement'
import { testFile } from '@mnas/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { measured, runtime } from './made-up-timings.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mnas-measurement-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = testFile()

/** A device that answers benchmark number i with process medians rounds[i]. */
function scriptedDevice(rounds: readonly (readonly number[])[]) {
  let asked = 0
  const device: Device = {
    describe: async () => ({
      name: 'scripted',
      kind: 'host',
      emulated: true,
      formats: ['tflite'],
      runtime,
      fingerprint: 'f',
      details: {},
    }),
    async benchmark(_file, options) {
      const samplesMs = rounds[asked++]!.slice(0, options.processes).map((value) => Array<number>(options.runs).fill(value))
      return measured(samplesMs.map(timingOf), options)
    },
    close: async () => undefined,
  }
  return { device, asked: () => asked }
}

describe('measureLatency', () => {
  it('accepts the first stable round', async () => {
    const { device, asked } = scriptedDevice([[10, 10.1, 10.2]])
    expect(await measureLatency({ device, file, options: fullBenchmark })).toMatchObject({ latencyMs: 10.1, stable: true })
    expect(asked()).toBe(1)
  })

  it('repeats an unstable round, and says so', async () => {
    const { device, asked } = scriptedDevice([
      [10, 12, 14],
      [10, 10, 10],
    ])
    const spreads: number[] = []
    const result = await measureLatency({ device, file, options: fullBenchmark, onRepeat: (spread) => spreads.push(spread) })
    expect(result).toMatchObject({ latencyMs: 10, stable: true, spread: 0 })
    expect(asked()).toBe(2)
    expect(spreads).toEqual([4 / 12])
  })

  it('keeps the best of three unstable rounds, marked', async () => {
    const { device, asked } = scriptedDevice([
      [10, 12, 14],
      [10, 11, 12],
      [10, 15, 20],
    ])
    expect(await measureLatency({ device, file, options: fullBenchmark })).toMatchObject({ latencyMs: 11, stable: false })
    expect(asked()).toBe(3)
  })

  it('refuses the latency of another device than was opened, be it known already or new', async () => {
    const cache = openMeasurementCache(folder)
    const { device } = scriptedDevice([
      [10, 10, 10],
      [10, 10, 10],
    ])
    const now = await device.describe()
    const opened = { ...now, fingerprint: 'e', details: { governor: 'performance' } }
    const request = { device, file, options: fullBenchmark, opened }
    const refusal = {
      code: 'MNAS_DEVICES_DIFFERENT',
      message: expect.stringContaining('differences: governor "performance", null; fingerprint "e", "f"'),
    }
    await expect(measureLatency({ ...request, cache })).rejects.toMatchObject(refusal)
    await expect(measureLatency({ ...request, cache })).rejects.toMatchObject(refusal)
    await expect(measureLatency(request)).rejects.toMatchObject(refusal)
    expect(await measureLatency({ ...request, opened: now, cache })).toMatchObject({ latencyMs: 10 })
    cache.close()
  })

  it('measures once what the cache can keep, and lets a full measurement answer a quick question but not the other way round', async () => {
    const cache = openMeasurementCache(folder)
    const { device, asked } = scriptedDevice([[20], [10, 10, 10]])
    const quick = await measureLatency({ device, file, options: quickBenchmark, cache })
    const full = await measureLatency({ device, file, options: fullBenchmark, cache })
    expect([quick.latencyMs, full.latencyMs, asked()]).toEqual([20, 10, 2])
    expect(await measureLatency({ device, file, options: fullBenchmark, cache })).toEqual(full)
    expect(await measureLatency({ device, file, options: quickBenchmark, cache })).toEqual(full)
    expect(asked()).toBe(2)
    cache.close()
  })

  it('judges a cached measurement by the gate of today, and measures again where it fails', async () => {
    const cache = openMeasurementCache(folder)
    const { device, asked } = scriptedDevice([
      [10, 10.4, 10.2],
      [10, 10.05, 10],
    ])
    expect(await measureLatency({ device, file, options: fullBenchmark, cache })).toMatchObject({ stable: true })
    const strict = { ...fullBenchmark, maxSpread: 0.01 }
    expect(await measureLatency({ device, file, options: strict, cache })).toMatchObject({ latencyMs: 10, stable: true })
    expect(await measureLatency({ device, file, options: strict, cache })).toMatchObject({ latencyMs: 10, stable: true })
    expect(asked()).toBe(2)
    cache.close()
  })

  it('keeps no latency that the gate calls unstable: the next one who asks has it measured again', async () => {
    const cache = openMeasurementCache(folder)
    const noisy = [10, 12, 14]
    const { device, asked } = scriptedDevice([noisy, noisy, noisy, [11, 11, 11]])
    expect(await measureLatency({ device, file, options: fullBenchmark, cache })).toMatchObject({ stable: false })
    expect(await measureLatency({ device, file, options: fullBenchmark, cache })).toMatchObject({ latencyMs: 11, stable: true })
    expect(await measureLatency({ device, file, options: quickBenchmark, cache })).toMatchObject({ latencyMs: 11, stable: true })
    expect(asked()).toBe(4)
    cache.close()
  })

  it('neither knows nor keeps a latency on inputs that were given', async () => {
    const { device, asked } = scriptedDevice(Array.from({ length: 3 }, () => [10, 10, 10]))
    const cache = openMeasurementCache(folder)
    await measureLatency({ device, file, options: fullBenchmark, cache })
    for (let time = 0; time < 2; time++)
      await measureLatency({ device, file, options: { ...fullBenchmark, inputs: [{}] }, cache })
    expect(asked()).toBe(3)
    cache.close()
  })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchmarkOptions, Device, LatencyMeasurement, ProcessTiming } from '@mnas/core/contracts'
import {
  flagsOf,
  formatOfPath,
  fullBenchmark,
  type MeasurementKey,
  measureInProcesses,
  measureLatency,
  median,
  modelFileAt,
  openMeasurementCache,
  parseDevice,
  quickBenchmark,
  summarize,
  timingOf,
} from '@mnas/core/measurement'
import { openDatabase } from '@mnas/core/storage'
import { testFile } from '@mnas/core/testing'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mnas-measurement-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const runtime = { name: 'fake', version: '1', sha256: 'a'.repeat(64) }
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

function measured(processes: readonly ProcessTiming[], options: BenchmarkOptions): LatencyMeasurement {
  const summary = summarize(processes)
  const stable = summary.spread <= options.maxSpread
  return { ...summary, stable, processes, runtime, flags: flagsOf(options), fingerprint: 'f', before: {}, after: {} }
}

/** A summary as benchmark_model prints it: no samples, and no median in older builds. */
const told = (meanMs: number, medianMs: number | null = null): ProcessTiming => {
  return { count: 200, medianMs, meanMs, minMs: meanMs - 1, maxMs: meanMs + 1, stdMs: 0.1 }
}

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
})

describe('openMeasurementCache', () => {
  const key: MeasurementKey = { structure: 's', fingerprint: 'f', runtime, flags: { threads: 1 } }
  const value = measured([timingOf([1]), timingOf([2])], fullBenchmark)

  it('tells apart everything that a latency belongs to', () => {
    const cache = openMeasurementCache(folder)
    cache.put(key, value)
    const effort = { processes: 2, runs: 1 }
    expect(cache.get(key, effort)).toEqual(value)
    const others: MeasurementKey[] = [
      { ...key, structure: 'other' },
      { ...key, fingerprint: 'other' },
      { ...key, runtime: { ...runtime, name: 'other' } },
      { ...key, runtime: { ...runtime, version: '2' } },
      { ...key, runtime: { ...runtime, sha256: 'other' } },
      { ...key, flags: { threads: 2 } },
      { ...key, flags: { threads: 1, profile: true } },
    ]
    for (const other of others) expect(cache.get(other, effort)).toBeNull()
    expect(cache.get(key, { processes: 3, runs: 1 })).toBeNull()
    expect(cache.get(key, { processes: 2, runs: 2 })).toBeNull()
    cache.close()
  })

  it('knows how thorough a foreign tool was by its counts', () => {
    const cache = openMeasurementCache(folder)
    cache.put(key, measured([told(10), { ...told(10), count: 90 }], fullBenchmark))
    expect(cache.get(key, { processes: 2, runs: 90 })).toMatchObject({ statistic: 'mean', latencyMs: 10 })
    expect(cache.get(key, { processes: 2, runs: 91 })).toBeNull()
    cache.close()
  })

  it('forgets what an older mnas kept in another form', () => {
    const first = openMeasurementCache(folder)
    first.put(key, value)
    first.close()
    const older = openDatabase(join(folder, 'measurements.db'))
    older.exec("UPDATE measurements SET measurement = '{}'; PRAGMA user_version = 1")
    older.close()
    const second = openMeasurementCache(folder)
    expect(second.get(key, { processes: 1, runs: 1 })).toBeNull()
    second.close()
  })

  it('finds again what it holds after it was closed', () => {
    const first = openMeasurementCache(folder)
    first.put(key, value)
    first.close()
    const second = openMeasurementCache(folder)
    expect(second.get(key, { processes: 1, runs: 1 })).toEqual(value)
    second.close()
  })

  it('loses nothing of several processes that write at once', async () => {
    const source = `
      import { openMeasurementCache } from ${JSON.stringify(new URL('../../dist/measurement/index.js', import.meta.url).href)}
      const [folder, name] = process.argv.slice(1)
      const cache = openMeasurementCache(folder)
      const value = ${JSON.stringify(value)}
      for (let i = 0; i < 20; i++) {
        cache.put({ structure: name + i, fingerprint: 'f', runtime: value.runtime, flags: { threads: 1 } }, value)
      }
      cache.close()`
    const codes = await Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', source, folder, name], { stdio: 'inherit' })
        const [code] = (await once(child, 'exit')) as [number]
        return code
      }),
    )
    expect(codes).toEqual([0, 0, 0])
    const cache = openMeasurementCache(folder)
    for (const name of ['a', 'b', 'c']) {
      for (let i = 0; i < 20; i++) expect(cache.get({ ...key, structure: name + i }, { processes: 1, runs: 1 })).toEqual(value)
    }
    cache.close()
  })

  it('names a file that is no database and a folder that cannot be', () => {
    writeFileSync(
      join(folder, 'measurements.db'),
      'this is not a database, and long enough to look like one to nobody'.repeat(20),
    )
    expect(() => openMeasurementCache(folder)).toThrow(expect.objectContaining({ code: 'MNAS_MEASUREMENT_CACHE', exitCode: 3 }))
    expect(() => openMeasurementCache(join(folder, 'measurements.db', 'below'))).toThrow(
      expect.objectContaining({ code: 'MNAS_FILE_WRITE' }),
    )
  })
})

describe('arguments', () => {
  it('parses --device', () => {
    expect(parseDevice('host')).toEqual({ driver: 'host', selector: undefined })
    expect(parseDevice('android:emulator-5554')).toEqual({ driver: 'android', selector: 'emulator-5554' })
    expect(parseDevice('replay:C:\\table.json')).toEqual({ driver: 'replay', selector: 'C:\\table.json' })
  })

  it('knows a model file by its extension', () => {
    expect(formatOfPath('a/b.TFLITE', ['tflite'])).toBe('tflite')
    expect(formatOfPath('mnasnet-a1@0.5', ['tflite'])).toBeUndefined()
  })

  it('describes a file by its content', async () => {
    const path = join(folder, 'a.tflite')
    writeFileSync(path, 'x')
    const described = await modelFileAt(path, 'tflite')
    expect(described).toMatchObject({ format: 'tflite', path, sizeBytes: 1 })
    writeFileSync(path, 'y')
    expect((await modelFileAt(path, 'tflite')).structure).not.toBe(described.structure)
    await expect(modelFileAt(join(folder, 'none.tflite'), 'tflite')).rejects.toMatchObject({ code: 'MNAS_FILE_MISSING' })
  })
})

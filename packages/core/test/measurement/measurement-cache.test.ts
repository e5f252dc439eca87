import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fullBenchmark, type MeasurementKey, openMeasurementCache, timingOf } from '@mnas/core/measurement'
import { openDatabase } from '@mnas/core/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { measured, runtime, told } from './made-up-timings.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mnas-measurement-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

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

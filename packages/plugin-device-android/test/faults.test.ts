import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { BenchmarkOptions, DeviceWait } from '@mnas/core/contracts'
import { fullBenchmark, measureLatency, openMeasurementCache } from '@mnas/core/measurement'
import { androidDriver } from '@mnas/plugin-device-android'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { probeServer } from '#internal/adb/probe-server.js'
import { portOf } from '#internal/emulator/tool/tool-service.js'
import { PhoneBench, toolRuns } from './support/phone-bench.js'
import { testAdb } from './support/test-adb.js'

const adb = testAdb()
const few: BenchmarkOptions = { ...fullBenchmark, runs: 5 }
const quick: BenchmarkOptions = { ...few, processes: 1 }
const onGpu = { ...quick, flags: { delegate: 'gpu' } }
const nothingLeft = { timeout: 10_000, interval: 50 }

/** What goes wrong with phones, each on the software phone, through the real adb: reference of the numbers is the table of faults. */
describe.skipIf(adb === null)('a phone on which something goes wrong', () => {
  let bench: PhoneBench
  beforeAll(async () => {
    bench = await PhoneBench.start(adb!)
  })
  afterEach(() => bench.tidy())
  afterAll(() => bench.close())

  const silent = (phone: { processes(): number }) => vi.waitFor(() => expect(phone.processes()).toBe(0), nothingLeft)
  const pushes = (log: readonly string[]) => log.filter((line) => /^push .*\/model-/.test(line)).length

  it('1: vanishes in the middle of a run: lost, nothing recorded, nothing left running', async () => {
    const phone = await bench.phone(['vanish'])
    const device = await bench.open(phone)
    const cache = openMeasurementCache(join(bench.folder, 'cache-1'))
    const key = await device.describe()
    await expect(measureLatency({ device, file: bench.file, options: few, cache })).rejects.toMatchObject({
      code: 'MNAS_DEVICE_LOST',
      exitCode: 5,
    })
    const { fingerprint, runtime } = key
    expect(cache.get({ structure: bench.file.structure, fingerprint, runtime, flags: { threads: 1 } }, quick)).toBeNull()
    cache.close()
    await silent(phone)
  })

  it('2: vanishes between push and run: lost; the next time the file is pushed again', async () => {
    const phone = await bench.phone(['vanish-before-run'])
    const device = await bench.open(phone)
    await expect(device.benchmark(bench.file, quick)).rejects.toMatchObject({ code: 'MNAS_DEVICE_LOST' })
    expect(pushes(phone.log)).toBe(1)
    await expect(device.benchmark(bench.file, quick)).resolves.toMatchObject({ latencyMs: 10, stable: true })
    expect(pushes(phone.log)).toBe(2)
  })

  it('3: unauthorised: says what to do, at once, and is listed', { timeout: 5000 }, async () => {
    const phone = await bench.phone(['unauthorized'])
    await expect(bench.open(phone)).rejects.toMatchObject({
      code: 'MNAS_DEVICE_UNREACHABLE',
      exitCode: 5,
      message: expect.stringContaining('accept the dialog on the phone'),
    })
    const listed = (await androidDriver.list(bench.context)).find(({ selector }) => selector === phone.serial)
    expect(listed?.state).toBe('unauthorized: accept the dialog on the phone')
  })

  it('4: offline after its death: is used again when it is back', async () => {
    const phone = await bench.phone(['vanish=1'])
    const device = await bench.open(phone)
    await expect(device.benchmark(bench.file, quick)).rejects.toMatchObject({ code: 'MNAS_DEVICE_LOST' })
    const again = () => device.benchmark(bench.file, quick)
    await expect(vi.waitFor(again, { timeout: 20_000, interval: 100 })).resolves.toMatchObject({ latencyMs: 10 })
  })

  it('5: no space: how much is needed and free, where, and what removes our files; nothing half is left', async () => {
    const phone = await bench.phone(['no-space'])
    const device = await bench.open(phone)
    const failure = device.benchmark(bench.file, quick)
    await expect(failure).rejects.toMatchObject({ code: 'MNAS_REMOTE_SPACE', exitCode: 5 })
    await expect(failure).rejects.toThrow(/expected 0\.02 MB free, received 0\.01 MB/)
    await expect(failure).rejects.toThrow(`No space on "android:${phone.serial}" in /data/local/tmp/mnas for "`)
    await expect(failure).rejects.toThrow(`adb -s ${phone.serial} shell rm -r /data/local/tmp/mnas`)
    expect(await bench.adb.run('-s', phone.serial, 'shell', 'ls /data/local/tmp/mnas')).not.toMatch(/^model-/m)
  })

  it('6: the tool hangs: ended after the limit, there too', async () => {
    const phone = await bench.phone(['hang'])
    const device = await bench.open(phone, { limit: 1 })
    await expect(device.benchmark(bench.file, quick)).rejects.toMatchObject({ code: 'MNAS_REMOTE_TIMEOUT', exitCode: 5 })
    await silent(phone)
  })

  it('7: a tool for another processor: both named, nothing measured', async () => {
    const phone = await bench.phone(['wrong-abi'])
    await expect(bench.open(phone)).rejects.toMatchObject({
      code: 'MNAS_ANDROID_ABI',
      exitCode: 5,
      message: expect.stringMatching(/expected a program for script, received one for armeabi-v7a/),
    })
    expect(phone.log.filter((line) => line.startsWith('push'))).toEqual([])
  })

  it('8: the right to be run is lost: given back; a folder that allows no programs: an error', async () => {
    const healed = await bench.open(await bench.phone(['exec-bit']))
    await expect(healed.benchmark(bench.file, quick)).resolves.toMatchObject({ latencyMs: 10 })
    const device = await bench.open(await bench.phone(['noexec']))
    await expect(device.benchmark(bench.file, quick)).rejects.toMatchObject({ code: 'MNAS_REMOTE_TOOL', exitCode: 5 })
  })

  it('9: hot: waited for, with the wait told; after the limit kept and marked', async () => {
    const waits: DeviceWait[] = []
    const request = { file: bench.file, options: few, onWait: (wait: DeviceWait) => void waits.push(wait) }
    const hot = await bench.open(await bench.phone(['hot']), { 'cool-down': 1 })
    const kept = await measureLatency({ device: hot, ...request })
    expect(kept).toMatchObject({
      latencyMs: 10,
      stable: false,
      doubts: ['thermal'],
      before: { thermalStatus: 2, batteryCelsius: 41 },
    })
    expect(waits).toEqual([{ reason: 'the device is hot (41.0 °C, thermal status 2)', seconds: 1 }])
    const cooling = await bench.open(await bench.phone(['hot=1']), { 'cool-down': 1 })
    expect(await measureLatency({ device: cooling, ...request })).toMatchObject({ stable: true, doubts: [] })
    expect(waits).toHaveLength(2)
  })

  it('10: bimodal: three rounds, the best kept, marked', async () => {
    const phone = await bench.phone(['noisy'])
    const device = await bench.open(phone, { anchor: false })
    const spreads: number[] = []
    const onRepeat = (spread: number) => void spreads.push(spread)
    const measured = await measureLatency({ device, file: bench.file, options: few, onRepeat })
    expect(measured).toMatchObject({ stable: false, doubts: [] })
    expect(measured.spread).toBeGreaterThan(0.2)
    expect(spreads).toHaveLength(2)
    // Nine processes, and one that was asked for its answers.
    expect(toolRuns(phone.log)).toBe(10)
  })

  it('11: the anchor moves: the block is measured again; when it goes on moving, that is a doubt', async () => {
    const once = await bench.phone(['drift=4'])
    const settled = await (await bench.open(once)).benchmark(bench.file, few)
    expect(settled).toMatchObject({ latencyMs: 14, spread: 0, stable: true, doubts: [] })
    expect(toolRuns(once.log)).toBe(2 * 5 + 1)
    const forEver = await bench.phone(['drift'])
    expect(await (await bench.open(forEver)).benchmark(bench.file, few)).toMatchObject({ stable: false, doubts: ['drift'] })
    expect(toolRuns(forEver.log)).toBe(3 * 5 + 1)
  })

  it('13: other answers: the latency, with how far they are off', async () => {
    const device = await bench.open(await bench.phone(['gpu-answers']))
    const { latencyMs, numerics } = await device.benchmark(bench.file, onGpu)
    expect(latencyMs).toBe(10)
    expect(numerics?.agrees).toBe(false)
    expect(numerics?.difference).toBeGreaterThan(0.05)
    expect((await device.benchmark(bench.file, quick)).numerics).toEqual({ agrees: true, difference: 0 })
  })

  it('14: two phones and no selector: both named', async () => {
    const phones = [await bench.phone(), await bench.phone()]
    for (const { serial } of phones) await bench.adb.run('connect', serial)
    const opening = androidDriver.open({ selector: undefined, options: bench.options(phones[0]!) }, bench.context)
    await expect(opening).rejects.toMatchObject({ code: 'MNAS_ANDROID_WHICH', exitCode: 2 })
    for (const { serial } of phones) await expect(opening).rejects.toThrow(`--device android:${serial}`)
  })

  it.each(['garbage', 'truncated', 'interleaved', 'localized'])(
    '15: %s output: no timing, and the output kept',
    async (fault) => {
      for (const dialect of ['classic', 'compiled-model'] as const) {
        const device = await bench.open(await bench.phone([fault], { dialect }))
        const failure = await device.benchmark(bench.file, quick).catch((error: Error) => error)
        expect(failure).toMatchObject({
          code: 'MNAS_REMOTE_NO_TIMING',
          exitCode: 5,
          message: expect.stringContaining('No timing in the output'),
        })
        const kept = /What it said is in "([^"]+)"/.exec(String(failure))?.[1] ?? ''
        expect(readFileSync(kept, 'utf8')).toContain('Num threads: [1]')
      }
    },
  )

  it('16: the server of adb is killed in the middle of a run: once more, on a port of our own', async () => {
    const phone = await bench.phone(['hang=1'])
    const device = await bench.open(phone)
    const measured = device.benchmark(bench.file, quick)
    // The shell of the run, and the run.
    await vi.waitFor(() => expect([toolRuns(phone.log), phone.processes()]).toEqual([1, 2]), nothingLeft)
    await bench.adb.run('kill-server')
    await expect(measured).resolves.toMatchObject({ latencyMs: 10 })
    await device.close()
    await silent(phone)
    expect((await probeServer(bench.adb.port)).kind).toBe('free')
    bench.restartAdb()
  })

  it.each([
    ['a stranger who never answers', ''],
    ['a server of another version', 'OKAY00040020'],
  ])('16: %s on the port: a server of our own, and the other is let alone', async (_, answer) => {
    const asked: string[] = []
    const stranger = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', (data) => {
        asked.push(data.toString('latin1'))
        if (answer) socket.end(answer)
      })
    })
    await new Promise<void>((resolve) => void stranger.listen(0, '127.0.0.1', resolve))
    try {
      const device = await bench.open(await bench.phone(), { 'adb-port': portOf(stranger) })
      await expect(device.benchmark(bench.file, quick)).resolves.toMatchObject({ latencyMs: 10 })
    } finally {
      stranger.close()
    }
    expect([...new Set(asked)]).toEqual(['000chost:version'])
  })

  it('16: adb is too old, or not there', async () => {
    const phone = await bench.phone()
    const old = join(bench.folder, 'old-adb')
    writeFileSync(old, '#!/bin/sh\necho "Android Debug Bridge version 1.0.31"\n', { mode: 0o755 })
    await expect(bench.open(phone, { adb: old })).rejects.toMatchObject({
      code: 'MNAS_ADB_MISSING',
      exitCode: 5,
      message: expect.stringContaining('version 1.0.31'),
    })
    await expect(bench.open(phone, { adb: join(bench.folder, 'no-adb') })).rejects.toMatchObject({ code: 'MNAS_ADB_MISSING' })
  })

  it('17: a file arrives damaged: pushed once more; twice is an error', async () => {
    const healed = await bench.phone(['corrupt'])
    await expect((await bench.open(healed)).benchmark(bench.file, quick)).resolves.toMatchObject({ latencyMs: 10 })
    expect(healed.log.filter((line) => /^push .*benchmark_model/.test(line))).toHaveLength(2)
    const device = await bench.open(await bench.phone(['corrupt=2']))
    await expect(device.benchmark(bench.file, quick)).rejects.toMatchObject({ code: 'MNAS_REMOTE_CORRUPT', exitCode: 5 })
  })

  it('18: starts anew with another system: another fingerprint, and no latency of the old one under it', async () => {
    const phone = await bench.phone(['reboot'])
    const device = await bench.open(phone)
    const cache = openMeasurementCache(join(bench.folder, 'cache-18'))
    const before = await device.describe()
    const measure = () => measureLatency({ device, file: bench.file, options: few, cache })
    await expect(measure()).rejects.toMatchObject({ code: 'MNAS_DEVICE_LOST' })
    const measured = await measure()
    expect(measured.fingerprint).not.toBe(before.fingerprint)
    const key = { structure: bench.file.structure, runtime: measured.runtime, flags: measured.flags }
    expect(cache.get({ ...key, fingerprint: before.fingerprint }, quick)).toBeNull()
    expect(cache.get({ ...key, fingerprint: measured.fingerprint }, quick)).toEqual(measured)
    cache.close()
  })

  it('leaves the server of adb that was there as it was, and none of its models on the phone', async () => {
    const phone = await bench.phone()
    const device = await bench.open(phone)
    await device.benchmark(bench.file, quick)
    await device.close()
    expect((await probeServer(bench.adb.port)).kind).toBe('server')
    expect(await bench.adb.run('-s', phone.serial, 'shell', 'ls /data/local/tmp/mnas')).toMatch(
      /^benchmark_model-[0-9a-f]{16}\n$/,
    )
  })
})

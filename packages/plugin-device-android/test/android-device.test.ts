import type { BenchmarkOptions } from '@mnas/core/contracts'
import { fullBenchmark, measureLatency, sustain } from '@mnas/core/measurement'
import { deviceConformance } from '@mnas/core/testing'
import { androidDriver } from '@mnas/plugin-device-android'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { SoftwarePhone } from '#internal/emulator/software-phone.js'
import { PhoneBench } from './support/phone-bench.js'
import { testAdb } from './support/test-adb.js'

const adb = testAdb()
const quick: BenchmarkOptions = { ...fullBenchmark, processes: 1, runs: 5 }

describe.skipIf(adb === null)('an Android phone', () => {
  let bench: PhoneBench
  let phone: SoftwarePhone
  beforeAll(async () => {
    bench = await PhoneBench.start(adb!)
    phone = await bench.phone()
  })
  afterAll(() => bench.close())

  const conforming = [
    'says what it can be told',
    'lists what can be opened',
    'describes itself',
    'is the same device when opened again',
  ]
  it.each([...conforming, 'times a model', 'stops for an aborted signal'])(
    'conforms to the device contract: %s',
    async (name) => {
      const cases = deviceConformance(androidDriver, bench.context, bench.file, {
        selector: phone.serial,
        options: bench.options(phone),
      })
      expect(cases.map((each) => each.name)).toContain(name)
      await cases.find((each) => each.name === name)?.run()
    },
  )

  it('is listed by its serial and its model, and as emulated', async () => {
    expect(await androidDriver.list(bench.context)).toContainEqual({
      selector: phone.serial,
      state: 'ready',
      description: 'software phone',
      emulated: true,
    })
  })

  it('is described without its serial: two of one make have one fingerprint', async () => {
    const other = await bench.phone()
    const [first, second] = [await bench.open(phone), await bench.open(other)]
    const [one, two] = [await first.describe(), await second.describe()]
    expect(one).toMatchObject({ kind: 'phone', emulated: true, runtime: { name: 'benchmark_model', version: 'classic' } })
    expect(one.name).not.toBe(two.name)
    expect(two.fingerprint).toBe(one.fingerprint)
    expect(JSON.stringify({ ...one, name: '' })).not.toContain(phone.serial)
  })

  it('tells of each process what its tool tells, and of the phone what it was like', async () => {
    const device = await bench.open(phone)
    const measured = await measureLatency({ device, file: bench.file, options: { ...fullBenchmark, runs: 7 } })
    const { tool: _, ...state } = { tool: '', ...measured.before }
    expect(state).toMatchObject({ thermalStatus: 0, batteryCelsius: 25, batteryPercent: 80, powered: true })
    expect(measured.processes).toHaveLength(3)
    for (const process of measured.processes)
      expect(process).toMatchObject({ count: 7, medianMs: 10, firstMs: 10, initMs: expect.any(Number), peakBytes: 2 ** 23 })
    expect(measured).toMatchObject({ statistic: 'median', stable: true, doubts: [], numerics: { agrees: true, difference: 0 } })
  })

  it('runs what it is told where it is told', async () => {
    const { log } = phone
    const device = await bench.open(phone)
    const ranWith = async (flags: BenchmarkOptions['flags'], threads = 2) => {
      const from = log.length
      const measured = await device.benchmark(bench.file, { ...quick, threads, flags })
      return {
        line: log.slice(from).find((line) => line.includes('--graph'))!,
        mask: measured.before['coreMask'],
        flags: measured.flags,
      }
    }
    const { fastestCores } = (await device.describe()).details
    const usual = await ranWith({}, 1)
    expect(usual).toMatchObject({ mask: fastestCores, flags: { threads: 1 } })
    if (fastestCores !== null) expect(usual.line).toContain(`exec taskset ${fastestCores} /data/local/tmp/mnas/benchmark_model`)
    expect(usual.line).toMatch(/--num_threads=1 --use_xnnpack=true --num_runs=5 --min_secs=0/)
    const all = await ranWith({ cores: 'all' })
    expect(all).toMatchObject({ mask: null, flags: { threads: 2, cores: 'all' } })
    expect(all.line).not.toContain('taskset')
    expect((await ranWith({ cores: '1' })).line).toContain('exec taskset 1 ')
  })

  it('says where the time goes, by a run of its own', async () => {
    const device = await bench.open(phone)
    expect(await device.profile?.(bench.file, quick)).toEqual([
      { nodes: ['output'], op: 'TfLiteXNNPackDelegate', latencyMs: 10, calls: 1, unit: 'cpu' },
    ])
  })

  it('loads a model again with weights that it has kept, where its tool can, and keeps nothing', async () => {
    const device = await bench.open(phone)
    expect(await device.loadCached?.(bench.file, quick)).toEqual({ initMs: expect.any(Number) })
    const flag = '--xnnpack_weight_cache_file_path='
    const lines = phone.log.filter((line) => line.includes(flag))
    expect(lines).toHaveLength(2)
    const cache = /xnnpack_weight_cache_file_path=([^' ;]+)/.exec(lines[0]!)![1]
    expect(phone.log.at(-1)).toContain(`rm -rf ${cache}`)
    expect(await device.loadCached?.(bench.file, { ...quick, flags: { delegate: 'gpu' } })).toEqual({
      reason: 'only the weights of the CPU are kept',
    })
    const old = await bench.open(await bench.phone(['no-cache']))
    expect(await old.loadCached?.(bench.file, quick)).toEqual({ reason: 'this build of benchmark_model keeps no weights' })
  })

  it('runs a model on and on, each process beginning as soon as the last has ended, and shows when it becomes slower', async () => {
    const device = await bench.open(await bench.phone(['drift']))
    let [seconds, told] = [0, 0]
    const now = () => {
      // Each look at it takes five seconds.
      seconds += 5
      return 1000 * seconds
    }
    const found = await sustain({ device, file: bench.file, options: quick, seconds: 30, now, onPoint: () => void told++ })
    expect(told).toBe(found.points.length)
    expect(found.points.length).toBeGreaterThan(2)
    expect(found).toMatchObject({ throttled: true, doubts: [] })
    expect(found.lastMs).toBeGreaterThan(1.1 * found.firstMs)
    for (const { state } of found.points) expect(state).toMatchObject({ batteryCelsius: 25, thermalStatus: 0 })
  })

  it('tells what a known model takes on it', async () => {
    expect(await (await bench.open(phone)).timeAnchor?.()).toBe(10)
  })

  it('may share measurements with others of its model', async () => {
    const other = await bench.phone()
    for (const { serial } of [phone, other]) await bench.adb.run('connect', serial)
    const alike = await androidDriver.alike?.({ selector: undefined, options: bench.options(phone) }, bench.context)
    expect(alike).toEqual(expect.arrayContaining([phone.serial, other.serial]))
  })

  it('is another device when its runs are said to take another time', async () => {
    const fingerprintOf = async (fixedMs: number | null) =>
      (await (await bench.open(await bench.phone([], { fixedMs }))).describe()).fingerprint
    const [ten, again] = [await fingerprintOf(10), await fingerprintOf(10)]
    expect(again).toBe(ten)
    expect(new Set([ten, await fingerprintOf(12), await fingerprintOf(null)]).size).toBe(3)
  })

  it('in the dialect of LiteRT it is timed too, and says neither answers nor a profile', async () => {
    const device = await bench.open(await bench.phone([], { dialect: 'compiled-model' }))
    expect((await device.describe()).runtime.version).toBe('compiled-model')
    const measured = await device.benchmark(bench.file, quick)
    expect(measured).toMatchObject({ latencyMs: 10, statistic: 'median' })
    expect(measured.numerics).toBeUndefined()
    expect(await device.profile?.(bench.file, quick)).toEqual([])
    expect(bench.warnings).toEqual([])
  })

  it('is left alone when the signal comes in the middle of a run', async () => {
    const stop = new AbortController()
    const hanging = await bench.phone(['hang'])
    const device = await bench.open(hanging, {}, { ...bench.context, signal: stop.signal })
    const measuring = device.benchmark(bench.file, quick)
    await vi.waitFor(() => expect(hanging.log.some((line) => line.includes('--graph'))).toBe(true), { timeout: 10_000 })
    stop.abort(new Error('enough'))
    await expect(measuring).rejects.toThrow('enough')
    await vi.waitFor(() => expect(hanging.processes()).toBe(0), { timeout: 10_000 })
  })

  it('without a tool says how to get one', async () => {
    const opening = androidDriver.open({ selector: phone.serial, options: { adb: bench.program } }, bench.context)
    await expect(opening).rejects.toMatchObject({ code: 'MNAS_ANDROID_TOOL', exitCode: 5 })
    await expect(opening).rejects.toThrow('mnas device setup android --option benchmark-model=PATH|URL --option sha256=SHA256')
    await expect(opening).rejects.toThrow('android_aarch64_benchmark_model')
    const nightly = 'https://storage.googleapis.com/tensorflow-nightly-public/prod/tensorflow/release/lite/tools/nightly/latest'
    for (const address of [
      `arm64-v8a: ${nightly}/android_aarch64_benchmark_model `,
      'https://storage.googleapis.com/litert/binaries/latest/android_arm64/benchmark_model (LiteRT)',
      `armeabi-v7a: ${nightly}/android_arm_benchmark_model;`,
    ])
      await expect(opening).rejects.toThrow(address)
  })

  it('is none where nothing is connected', async () => {
    const opening = androidDriver.open({ selector: 'NOSUCH', options: { adb: bench.program } }, bench.context)
    await expect(opening).rejects.toMatchObject({ code: 'MNAS_DEVICE_UNREACHABLE', exitCode: 5 })
    const nobody = androidDriver.open({ selector: '127.0.0.1:1', options: { adb: bench.program } }, bench.context)
    await expect(nobody).rejects.toMatchObject({ code: 'MNAS_DEVICE_UNREACHABLE', exitCode: 5 })
  })
})

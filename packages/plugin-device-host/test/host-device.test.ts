import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchmarkOptions, DeviceChoice, ModelRuntime, OptionValues, RuntimeInfo } from '@mnas/core/contracts'
import { fullBenchmark, quietMachine } from '@mnas/core/measurement'
import { deviceConformance, testContext, testFile } from '@mnas/core/testing'
import hostDriver, { hostFacts, hostFingerprint } from '@mnas/plugin-device-host'
import { afterAll, describe, expect, it } from 'vitest'
import { checkLoad } from '#internal/check-load.js'

const file = testFile()
const missing = { code: 'MNAS_TEST_MISSING', message: 'Not there.', exitCode: 5 }

const cacheFolder = mkdtempSync(join(tmpdir(), 'mnas-host-'))
afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }))

type Fake = Partial<ModelRuntime> & { readonly there?: boolean }

/** A runtime that answers made-up times, so that nothing here depends on how busy the machine is. */
function fakeRuntime(name: string, { there = true, ...rest }: Fake = {}): ModelRuntime {
  const info: RuntimeInfo = { name, version: '1.2.3', sha256: 'ab'.repeat(32) }
  return {
    name,
    format: 'tflite',
    available: async () => (there ? info : missing),
    describe: async () => ({ inputs: [], outputs: [] }),
    run: (_file, inputs) => inputs,
    timeMs: async (_file, { runs }, { signal }) => {
      signal.throwIfAborted()
      return Array.from({ length: runs }, (_, i) => 10 + i)
    },
    ...rest,
  }
}

function fakeContext(native: Fake, portable: Fake = {}) {
  const warnings: string[] = []
  const runtimes = [fakeRuntime('litert', native), fakeRuntime('litert-js', portable)]
  const context = testContext(runtimes, { cacheFolder, warn: (message) => void warnings.push(message) })
  return { context, warnings }
}

const choice = (options: OptionValues = {}): DeviceChoice => ({ selector: undefined, options })

describe('host conforms to the device contract', () => {
  for (const { name, run } of deviceConformance(hostDriver, fakeContext({}).context, file)) it(name, run)
})

describe('the runtime', () => {
  it('is the native one where it is set up, without a word', async () => {
    const { context, warnings } = fakeContext({})
    const info = await (await hostDriver.open(choice(), context)).describe()
    expect(info).toMatchObject({ name: 'host', kind: 'host', emulated: false, formats: ['tflite'], runtime: { name: 'litert' } })
    expect(warnings).toEqual([])
  })

  it('is LiteRT.js otherwise, said once however often the host is opened', async () => {
    const { context, warnings } = fakeContext({ there: false })
    for (let i = 0; i < 2; i++) {
      expect((await (await hostDriver.open(choice(), context)).describe()).runtime.name).toBe('litert-js')
    }
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toBe(
      'Not there. Until then LiteRT.js (WebAssembly) is timed: about 3.4 times slower, and not comparable with the native library.',
    )
    expect((await hostDriver.list(context))[0]?.state).toContain('LiteRT.js')
  })

  it('is the one that was asked for, without a word, or named when it cannot run', async () => {
    const { context, warnings } = fakeContext({})
    const device = await hostDriver.open(choice({ runtime: 'litert-js' }), context)
    expect((await device.describe()).runtime.name).toBe('litert-js')
    expect(warnings).toEqual([])
    const absent = fakeContext({ there: false }).context
    await expect(hostDriver.open(choice({ runtime: 'litert' }), absent)).rejects.toMatchObject({
      code: 'MNAS_DEVICE_UNREACHABLE',
      message: expect.stringContaining('litert cannot run (Not there.)'),
    })
  })

  it('that is nowhere is named with both reasons', async () => {
    const { context } = fakeContext({ there: false }, { there: false })
    await expect(hostDriver.open(choice(), context)).rejects.toMatchObject({ code: 'MNAS_DEVICE_UNREACHABLE', exitCode: 5 })
  })
})

describe('the device', () => {
  it('is one: a selector is refused', async () => {
    await expect(hostDriver.open({ selector: '1', options: {} }, fakeContext({}).context)).rejects.toMatchObject({
      code: 'MNAS_DEVICE_UNREACHABLE',
    })
  })

  it('starts as many processes as asked, with one thread unless told otherwise, and records what it asked for', async () => {
    const asked: Pick<BenchmarkOptions, 'threads' | 'runs'>[] = []
    const timeMs: ModelRuntime['timeMs'] = async (_file, { threads, runs }) => {
      asked.push({ threads, runs })
      return [10 + asked.length]
    }
    const device = await hostDriver.open(choice(), fakeContext({ timeMs }).context)
    const measured = await device.benchmark(file, { ...fullBenchmark, processes: 4, runs: 7 })
    expect(asked).toEqual(Array(4).fill({ threads: 1, runs: 7 }))
    expect(measured).toMatchObject({ statistic: 'median', latencyMs: 12.5, stable: false, flags: { threads: 1 } })
    expect(measured.processes.map(({ samplesMs }) => samplesMs)).toEqual([[11], [12], [13], [14]])
    expect(measured.spread).toBeCloseTo(3 / 12.5, 12)
    expect(measured.before['loadAverage']).toBeTypeOf('number')
  })

  it('times alone: work elsewhere in the cache folder waits until the last process has ended', async () => {
    const log: string[] = []
    let work: Promise<void> = Promise.resolve()
    // Started in the first process of the timing, but outside of its call chain, as another process would.
    const outside = new Promise<() => void>((resolve) => {
      work = new Promise<void>((done) => resolve(done)).then(() =>
        quietMachine(cacheFolder).whileWorking(async () => void log.push('work')),
      )
    })
    const startWork = await outside
    const timeMs: ModelRuntime['timeMs'] = async () => {
      startWork()
      log.push('timed')
      return [1]
    }
    const device = await hostDriver.open(choice(), fakeContext({ timeMs }).context)
    await device.benchmark(file, { ...fullBenchmark, processes: 3 })
    await work
    expect(log).toEqual(['timed', 'timed', 'timed', 'work'])
  })

  it('hands on what a model is to be timed on, and says that it did', async () => {
    const inputs = [{ image: { dtype: 'uint8', shape: [1], data: Uint8Array.of(7) } }] as const
    const asked: unknown[] = []
    const timeMs: ModelRuntime['timeMs'] = async (_file, options) => {
      asked.push(options.inputs)
      return [1]
    }
    const device = await hostDriver.open(choice(), fakeContext({ timeMs }).context)
    expect((await device.benchmark(file, { ...fullBenchmark, processes: 1, inputs })).given).toBe(1)
    expect(await device.benchmark(file, { ...fullBenchmark, processes: 1 })).not.toHaveProperty('given')
    expect(asked).toEqual([inputs, undefined])
  })

  it('frees the machine when a process crashes', async () => {
    const timeMs = () => Promise.reject(new Error('crashed'))
    const device = await hostDriver.open(choice(), fakeContext({ timeMs }).context)
    await expect(device.benchmark(file, fullBenchmark)).rejects.toThrow('crashed')
    expect(await quietMachine(cacheFolder).whileWorking(async () => 'free')).toBe('free')
  })

  it('refuses a format that its runtime does not know', async () => {
    const device = await hostDriver.open(choice(), fakeContext({}).context)
    await expect(device.benchmark({ ...file, format: 'onnx' }, fullBenchmark)).rejects.toMatchObject({
      code: 'MNAS_DEVICE_FORMAT',
    })
  })
})

describe('the fingerprint', () => {
  it('changes with everything that moves latency', async () => {
    const facts = await hostFacts()
    const changed = [
      { ...facts, processor: 'another' },
      { ...facts, cores: facts.cores + 1 },
      { ...facts, architecture: 'another' },
      { ...facts, system: 'another' },
      { ...facts, kernel: 'another' },
    ]
    expect(new Set([facts, ...changed].map(hostFingerprint)).size).toBe(6)
    expect(hostFingerprint(await hostFacts())).toBe(hostFingerprint(facts))
  })
})

describe('set-up', () => {
  it("is the native runtime's, told where the cache is", async () => {
    const told: unknown[] = []
    const setup: ModelRuntime['setup'] = {
      plan: async (options, around) => [`plan ${JSON.stringify({ ...options, cacheFolder: around.cacheFolder })}`],
      run: async (options, around) => {
        told.push({ ...options, cacheFolder: around.cacheFolder })
        return { name: 'litert', version: '1', sha256: 'c' }
      },
    }
    const { context } = fakeContext({ there: false, setup })
    const options = { library: '/lib.so', cacheFolder }
    expect(await hostDriver.setup!.plan(choice({ library: '/lib.so' }), context)).toEqual([`plan ${JSON.stringify(options)}`])
    expect(await hostDriver.setup!.run(choice({ library: '/lib.so' }), context)).toMatchObject({ name: 'litert' })
    expect(told).toEqual([options])
  })

  it('is of the one host: a selector is refused', async () => {
    const wrong = { selector: '1', options: {} }
    await expect(hostDriver.setup!.plan(wrong, fakeContext({}).context)).rejects.toMatchObject({
      code: 'MNAS_DEVICE_UNREACHABLE',
    })
  })

  it('is named when the runtime has none', async () => {
    await expect(hostDriver.setup!.plan(choice(), fakeContext({}).context)).rejects.toMatchObject({
      code: 'MNAS_DEVICE_NO_SETUP',
    })
  })
})

describe.skipIf(process.platform === 'win32')('the check', () => {
  it('says how busy this computer is, and what that does to a timing', () => {
    expect(checkLoad(1.9, 4)).toEqual({
      name: 'device host',
      status: 'ok',
      detail: 'quiet enough to time on: load 1.9 on 4 cores',
    })
    expect(checkLoad(2.1, 4)).toMatchObject({ status: 'hint', detail: 'busy: load 2.1 on 4 cores', fix: expect.any(String) })
  })
})

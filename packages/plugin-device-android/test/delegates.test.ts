import type { BenchmarkOptions } from '@mnas/core/contracts'
import { fullBenchmark } from '@mnas/core/measurement'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { PhoneBench, toolRuns } from './support/phone-bench.js'
import { testAdb } from './support/test-adb.js'

const adb = testAdb()
const quick: BenchmarkOptions = { ...fullBenchmark, runs: 5, processes: 1 }
const onGpu = { ...quick, flags: { delegate: 'gpu' } }

/** Fault 12 of the table: a latency is of the unit that was asked for, or there is none. */
describe.skipIf(adb === null)('a unit of a phone that does not take a model', () => {
  let bench: PhoneBench
  beforeAll(async () => {
    bench = await PhoneBench.start(adb!)
  })
  afterEach(() => bench.tidy())
  afterAll(() => bench.close())

  it.each([
    ['gpu-missing', 'classic', 'nothing there'],
    ['gpu-missing', 'compiled-model', 'nothing there'],
    ['gpu-refused', 'classic', 'nothing there'],
    ['gpu-partial', 'classic', 'a part there'],
    ['hot=0', 'compiled-model', 'nothing there'],
  ] as const)('12: asked for the GPU, with %s in the %s dialect: an error, no time of the CPU', async (fault, dialect, ran) => {
    const device = await bench.open(await bench.phone([fault], { dialect }))
    await expect(device.benchmark(bench.file, onGpu)).rejects.toMatchObject({
      code: 'MNAS_REMOTE_DELEGATE',
      exitCode: 5,
      message: expect.stringContaining(`on gpu; expected that or nothing, received ${ran}`),
    })
  })

  it.each([
    ['nnapi', 'nnapi-refused', 'classic', 'nothing there'],
    ['nnapi', 'nnapi-partial', 'classic', 'a part there'],
    ['nnapi', 'hot=0', 'classic', 'nothing there'],
    ['nnapi', 'ignored-flags', 'classic', 'nothing there'],
    ['npu', 'npu-missing', 'compiled-model', 'nothing there'],
    ['npu', 'hot=0', 'compiled-model', 'nothing there'],
    ['npu', 'ignored-flags', 'compiled-model', 'nothing there'],
    ['gpu', 'ignored-flags', 'compiled-model', 'nothing there'],
  ] as const)('12: asked for the %s, with %s in the %s dialect: the same', async (delegate, fault, dialect, ran) => {
    const phone = await bench.phone([fault], { dialect })
    const device = await bench.open(phone)
    await expect(device.benchmark(bench.file, { ...quick, flags: { delegate } })).rejects.toMatchObject({
      code: 'MNAS_REMOTE_DELEGATE',
      exitCode: 5,
      message: expect.stringContaining(`on ${delegate}; expected that or nothing, received ${ran}`),
    })
    expect(toolRuns(phone.log)).toBe(1)
  })

  it.each([
    ['npu', 'classic', 'cpu, gpu, nnapi'],
    ['nnapi', 'compiled-model', 'cpu, gpu, npu'],
  ] as const)(
    '12: asked for the %s of a tool that has no flag for it: refused before it runs',
    async (delegate, dialect, known) => {
      const phone = await bench.phone([], { dialect })
      const device = await bench.open(phone)
      await expect(device.benchmark(bench.file, { ...quick, flags: { delegate } })).rejects.toMatchObject({
        code: 'MNAS_REMOTE_DELEGATE',
        exitCode: 5,
        message: expect.stringContaining(`received a benchmark_model (${dialect}) that knows ${known} alone`),
      })
      expect(toolRuns(phone.log)).toBe(0)
    },
  )

  it('12: a profile is of the unit that was asked for, or none', async () => {
    const device = await bench.open(await bench.phone(['nnapi-partial']))
    const profile = device.profile!(bench.file, { ...quick, flags: { delegate: 'nnapi' } })
    await expect(profile).rejects.toMatchObject({ code: 'MNAS_REMOTE_DELEGATE' })
  })
})

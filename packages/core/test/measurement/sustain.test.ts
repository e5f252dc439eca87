import type { BenchmarkOptions, Device, Doubt } from '@mnas/core/contracts'
import { flagsOf, fullBenchmark, sustain, timingOf } from '@mnas/core/measurement'
import { testFile } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'

const options: BenchmarkOptions = { ...fullBenchmark, threads: 2, flags: { delegate: 'gpu' } }

/** A device on a clock of its own, whose latency follows from the seconds that it has worked. */
function warming(latencyAt: (seconds: number) => number, doubtsAt: (seconds: number) => readonly Doubt[] = () => []) {
  const asked: BenchmarkOptions[] = []
  let [ms, settled] = [5000, 0]
  const begin = ms
  const runtime = { name: 'fake', version: '1', sha256: 'a'.repeat(64) }
  const device = {
    settle: async () => void settled++,
    async benchmark(_file, told) {
      asked.push(told)
      const seconds = (ms - begin) / 1000
      const latencyMs = latencyAt(seconds)
      ms += told.runs * latencyMs
      const measured = { latencyMs, spread: 0, stable: true, statistic: 'median', before: {}, after: { seconds } } as const
      const processes = [timingOf(Array<number>(told.runs).fill(latencyMs))]
      return { ...measured, processes, runtime, flags: flagsOf(told), fingerprint: 'f', doubts: doubtsAt(seconds) }
    },
  } as Partial<Device> as Device
  const run = (seconds: number) => sustain({ device, file: testFile(), options, seconds, now: () => ms })
  return { asked, run, settled: () => settled }
}

describe('a sustained measurement', () => {
  it('lasts as long as it should, in single processes that follow each other', async () => {
    const { asked, run, settled } = warming(() => 10)
    const { seconds, points, firstMs, lastMs, slowdown, throttled, doubts } = await run(60)
    expect(settled()).toBe(1)
    expect(seconds).toBeGreaterThanOrEqual(60)
    expect(seconds).toBeLessThan(63)
    expect(points.length).toBeGreaterThanOrEqual(30)
    expect(points.map(({ atSeconds }) => atSeconds)).toEqual(points.map(({ atSeconds }) => atSeconds).toSorted((a, b) => a - b))
    expect(points[3]).toMatchObject({ latencyMs: 10, state: { seconds: points[3]!.atSeconds } })
    for (const told of asked) expect(told).toMatchObject({ processes: 1, threads: 2, flags: { delegate: 'gpu' } })
    expect({ firstMs, lastMs, slowdown, throttled, doubts }).toEqual({
      ...{ firstMs: 10, lastMs: 10, slowdown: 0, throttled: false, doubts: [] },
    })
  })

  it('compares the last tenth with the first, and keeps every doubt', async () => {
    const { run } = warming(
      (seconds) => (seconds < 30 ? 10 : 14),
      (seconds) => (seconds > 40 ? ['thermal'] : []),
    )
    const { firstMs, lastMs, slowdown, throttled, doubts } = await run(60)
    expect([firstMs, lastMs, throttled, doubts]).toEqual([10, 14, true, ['thermal']])
    expect(slowdown).toBeCloseTo(0.4, 12)
  })

  it('times a slow model at least ten times a process, and one that is very quick a limited number of times', async () => {
    const slow = warming(() => 2000)
    expect((await slow.run(10)).points).toHaveLength(1)
    expect(slow.asked.map(({ runs }) => runs)).toEqual([10])
    const quick = warming(() => 0.01)
    await quick.run(10)
    expect(Math.max(...quick.asked.map(({ runs }) => runs))).toBe(10_000)
  })
})

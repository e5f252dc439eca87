import type {
  BenchmarkOptions,
  Device,
  DeviceContext,
  Exporter,
  LatencyMeasurement,
  ModelFile,
  Tensors,
} from '@mnas/core/contracts'
import { GraphBuilder } from '@mnas/core/graph'
import { fullBenchmark, timingOf } from '@mnas/core/measurement'
import { testContext, testFile } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'
import type { DeployableModel } from '#internal/deployment/load-model.js'
import { operatorCost } from '#internal/deployment/timing/operator-cost.js'
import { type TimingRequest, timeFile } from '#internal/deployment/timing/time-file.js'
import { measured } from '../measurement/made-up-timings.js'

const builder = new GraphBuilder()
builder.input('image', { shape: [2], dtype: 'float32', batched: true })
builder.output('image', 'image')
const preprocessing = { fit: { kind: 'stretch' }, mean: [0, 0, 0], std: [1, 1, 1], exif: 'applied' } as const
const operator = 'Post'
const model = {
  ...{ name: 'tiny', graph: builder.build(), weights: {}, labels: null, preprocessing, deploymentAsked: false },
  architecture: { input: { size: 4 } },
  postProcessing: { operator, reads: [], constants: [], options: {}, outputs: [] },
} as unknown as DeployableModel

/** Bytes stand for tenths. */
const input = { name: 'image', shape: [1, 2], dtype: 'uint8', affine: { scale: [0.1], zeroPoint: [0], axis: null } } as const
const withIt: ModelFile = { ...testFile(), inputs: [input], preprocessing }
const without: ModelFile = { ...withIt, path: 'without', structure: 'without' }
const exporter = {
  ...{ format: 'tflite', precisions: ['float32'], postProcessing: [operator] },
  options: { parse: (options: unknown) => options, safeParse: (data: unknown) => ({ success: true, data }) },
  write: async ({ postProcessing }: { postProcessing?: unknown }) => (postProcessing ? withIt : without),
} as unknown as Exporter
const photos: readonly Tensors[] = [1, 2].map((value) => ({
  image: { dtype: 'float32', shape: [1, 2], data: Float32Array.of(value, value / 2) },
}))

/** On photo i the operator takes i + 1 ms, the rest 10 ms. */
const timesOf = (file: Pick<ModelFile, 'path'>, { runs, inputs = [] }: Pick<BenchmarkOptions, 'runs' | 'inputs'>) =>
  Array.from({ length: runs }, (_, run) => 10 + (file.path === 'without' ? 0 : 1 + (run % inputs.length)))

/** @param takesPhotos whether the device can be given inputs */
async function timed(takesPhotos: boolean, changes: Partial<TimingRequest> = {}) {
  const asked: (readonly [string, BenchmarkOptions['inputs']])[] = []
  const device = {
    async benchmark(file: ModelFile, options: BenchmarkOptions): Promise<LatencyMeasurement> {
      asked.push([file.path, options.inputs])
      const given = options.inputs && takesPhotos ? { given: options.inputs.length } : {}
      return { ...measured([timingOf(timesOf(file, { ...options, inputs: options.inputs ?? [{}] }))], options), ...given }
    },
  } as unknown as Device
  const runtime = {
    ...{ name: 'litert', format: 'tflite' },
    available: async () => ({ name: 'litert', version: '1', sha256: 'a' }),
    timeMs: async (file: ModelFile, options: Pick<BenchmarkOptions, 'runs' | 'inputs'>) => timesOf(file, options),
  }
  const registry = { names: () => ['litert'], get: async () => runtime } as unknown as TimingRequest['registry']
  const context = testContext([]) as DeviceContext
  const reporter = { stage: () => undefined, note: () => undefined } as unknown as TimingRequest['reporter']
  const options = { ...fullBenchmark, processes: 1, runs: 4 }
  const timing = await timeFile({
    ...{ registry, context, device, exporter, model, file: withIt, exportOptions: {}, photos, options, reporter },
    ...changes,
  })
  return { ...timing, asked }
}

describe('a file that ends in an operator', () => {
  it('is timed with it and without, on photos as the file stores them', async () => {
    const { measurement, operator: time, asked } = await timed(true)
    const stored = [
      { image: { dtype: 'uint8', shape: [1, 2], data: Uint8Array.of(10, 5) } },
      { image: { dtype: 'uint8', shape: [1, 2], data: Uint8Array.of(20, 10) } },
    ]
    expect(asked).toEqual([
      ['without', stored],
      [withIt.path, stored],
    ])
    expect(measurement.latencyMs).toBe(11.5)
    expect(time).toEqual({
      ...{ operator, latencyMs: 11.5, withoutMs: 10, costMs: 1.5, largestMs: 2, photos: 2, timedOn: 'device', reason: null },
    })
  })

  it('is timed without it where the device takes no photos, and its cost on this computer', async () => {
    const { measurement, operator: time, asked } = await timed(false)
    expect(asked.map(([path]) => path)).toEqual(['without'])
    expect(measurement.latencyMs).toBe(10)
    const reason = 'the device takes no photos'
    expect(time).toEqual({
      ...{ operator, latencyMs: null, withoutMs: 10, costMs: 1.5, largestMs: 2, photos: 2, timedOn: 'computer', reason },
    })
  })

  it('is timed without it where there are no photos, and says so', async () => {
    const { operator: time, asked } = await timed(true, { photos: 'there are no photos' })
    expect(asked).toEqual([['without', undefined]])
    expect(time).toMatchObject({
      latencyMs: null,
      withoutMs: 10,
      costMs: null,
      timedOn: 'nothing',
      reason: 'there are no photos',
    })
  })

  it('is like any other where it ends in none', async () => {
    const { operator: time, asked } = await timed(true, { model: { ...model, postProcessing: null } })
    expect(asked).toEqual([[withIt.path, undefined]])
    expect(time).toBeNull()
  })
})

describe('what an operator costs', () => {
  it('is told by the quickest runs of each photo', () => {
    const runs = [
      [10, 20, 90, 21],
      [11, 19, 12, 99],
    ]
    expect(operatorCost(runs, [[8, 16, 30, 17]], 2)).toEqual({ costMs: 2.5, largestMs: 3 })
  })

  it('is not known where a photo was not run', () => {
    expect(operatorCost([[1]], [[1]], 2)).toBeNull()
    expect(operatorCost([], [], 0)).toBeNull()
  })
})

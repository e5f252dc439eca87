import type { FileFacts } from '@mnas/core/deployment'
import { hashBytes } from '@mnas/core/files'
import { describe, expect, it } from 'vitest'
import { accuracyClaim as accuracySchema, latencyClaim as latencySchema } from '#internal/entry/claims.js'
import { accuracyClaims } from '#internal/publish/claims/accuracy-claims.js'
import { commandLine } from '#internal/publish/claims/command-line.js'
import { deviceOf } from '#internal/publish/claims/device-of.js'
import { latencyClaims } from '#internal/publish/claims/latency-claims.js'
import { wilsonInterval } from '#internal/publish/claims/wilson-interval.js'
import type { BundleContents } from '#internal/publish/contents/read-contents.js'
import type { DraftExport } from '#internal/publish/contents/read-exports.js'

const data = hashBytes('photos')
const [weights, file] = [hashBytes('weights'), hashBytes('file')]
const runtime = { name: 'litert', version: '2.3.0', sha256: hashBytes('library') }

const latency = {
  ...{ device: 'android:SERIAL', kind: 'phone', emulated: false, fingerprint: hashBytes('phone'), runtime },
  details: { manufacturer: 'Google', model: 'Pixel 8', soc: 'Tensor G3', android: '16' },
  ...{ flags: { threads: 2, delegate: 'gpu' }, latencyMs: 8, spread: 0.01, stable: true, statistic: 'median' },
  ...{ processes: 3, runs: { count: 150, minMs: 7, p90Ms: 9, p99Ms: null }, before: {}, after: { celsius: 31 } },
  measuredAt: '2026-11-28T10:00:00.000Z',
} as unknown as FileFacts['latencies'][number]

const judged = {
  ...{ metric: 'top1', file: 0.75, model: 0.8, data, split: 'validation', whole: true },
  ...{ runtime: { name: 'litert', version: '2.3.0' }, at: '2026-11-27T10:00:00.000Z' },
}

function exported(changes: object = {}, agreement: object = { judged }): DraftExport {
  const facts = {
    ...{ precision: 'int8', latencies: [latency], provenance: { mnas: '0.1.0' }, model: { inputSize: 96 } },
    agreement: { verifiedOn: 'photos', images: 40, metrics: {}, ...agreement },
    ...changes,
  } as unknown as FileFacts
  return { facts, path: 'exports/photos-96px-int8.tflite', sha256: file, files: [] }
}

function contents(provenance: object, exports: readonly DraftExport[] = []): BundleContents {
  const metrics = { top1: 0.8, 'perClass.a b': 0.5, loss: 1, count: 40 }
  const architecture = { input: { size: 96 } }
  return {
    bundle: { name: 'photos', architecture, metrics, provenance },
    weights: { sha256: weights },
    exports,
  } as unknown as BundleContents
}

const context = {
  task: {
    headlines: [{ name: 'top1', label: 'top-1', percent: true }],
    rightAnswers: ({ top1, count }) => Math.round(top1! * count!),
  },
  ...{ dataName: 'my photos', date: '2026-11-26', mnas: '0.1.0' },
} as const satisfies Parameters<typeof accuracyClaims>[1]
const provenance = { data: { fingerprint: data, validation: 40 }, seed: 7, plan: { engine: 'onnx', accelerator: 'cpu' } }

describe("Wilson's interval", () => {
  // statsmodels' proportion_confint(right, all, method='wilson').
  it.each([
    [3, 16, 0.0659, 0.4301],
    [80, 100, 0.7112, 0.8666],
    [0, 10, 0, 0.2775],
    [10, 10, 0.7225, 1],
  ])('of %i of %i', (right, all, low, high) => {
    const [from, to] = wilsonInterval(right, all)
    expect(from).toBeCloseTo(low, 4)
    expect(to).toBeCloseTo(high, 4)
  })
})

describe('a claim of accuracy', () => {
  it('is of the weights on the validation images: counted, with its interval, command and seed', () => {
    const [claim, ...others] = accuracyClaims(contents(provenance), context)
    expect(others).toEqual([])
    expect(accuracySchema.parse(claim)).toEqual(claim)
    expect(claim).toMatchObject({
      ...{ basis: 'measured', file: weights, right: 32, decoder: 'exact', engine: 'onnx cpu', date: '2026-11-26' },
      dataset: { name: 'my photos', split: 'validation', fingerprint: data, images: 40 },
      metrics: { top1: 0.8, loss: 1, count: 40 },
      seeds: [{ seed: 7 }],
      command: "mnas evaluate photos --data 'my photos'",
    })
    expect(claim!.metrics).not.toHaveProperty('perClass.a b')
    expect(claim!.interval95).toEqual(wilsonInterval(32, 40))
  })

  it('is of an export whose check was of all of them', () => {
    const [, claim] = accuracyClaims(contents(provenance, [exported()]), context)
    expect(accuracySchema.parse(claim)).toEqual(claim)
    expect(claim).toMatchObject({
      ...{ file, metrics: { top1: 0.75, count: 40 }, right: 30, engine: 'litert 2.3.0', date: '2026-11-27' },
      command: "mnas deploy photos --data 'my photos' --quantize int8 --images 40",
    })
    const part = exported({}, { judged: { ...judged, whole: false } })
    expect(accuracyClaims(contents(provenance, [part, exported({}, {}), exported({ agreement: null })]), context)).toHaveLength(1)
  })

  it('is none of metrics whose images nobody knows', () => {
    for (const [known, received] of [
      [{}, 'none'],
      [{ data: { fingerprint: 'photos' } }, '"photos"'],
    ] as const)
      expect(() => accuracyClaims(contents(known), context)).toThrow(
        expect.objectContaining({ code: 'MNAS_ZOO_FINGERPRINT', message: expect.stringContaining(received) }),
      )
  })
})

describe('a claim of latency', () => {
  const ofPhotos = { name: 'photos', inputSize: 96, allowEmulated: false }

  it('says device, runtime, flags and how the runs were spread, and no serial number', () => {
    const [claim] = latencyClaims([exported()], ofPhotos)
    expect(latencySchema.parse(claim)).toEqual(claim)
    expect(claim).toMatchObject({
      ...{ file, accelerator: 'gpu', threads: 2, flags: { delegate: 'gpu' }, runtime, spread: 0.01, runs: 150, processes: 3 },
      ms: { p50: 8, p90: 9, p99: null, min: 7 },
      device: { kind: 'phone', vendor: 'Google', model: 'Pixel 8', soc: 'Tensor G3', os: 'Android 16', emulated: false },
      command: 'mnas deploy photos --device android --quantize int8 --option delegate=gpu',
      thermal: { stable: true, after: { celsius: 31 } },
    })
    expect(JSON.stringify(claim)).not.toContain('SERIAL')
  })

  it('is none of an emulated device, unless it was asked for; then it says so', () => {
    const emulated = exported({ latencies: [{ ...latency, device: 'replay', emulated: true }] })
    expect(() => latencyClaims([emulated], ofPhotos)).toThrow(expect.objectContaining({ code: 'MNAS_ZOO_EMULATED' }))
    expect(latencyClaims([emulated], { ...ofPhotos, allowEmulated: true })[0]!.device.emulated).toBe(true)
  })

  it('says whether it holds the operator behind a graph', () => {
    const post = { operator: 'Post', withoutMs: 8, costMs: 2, largestMs: 3, photos: 25, timedOn: 'device', reason: null }
    const of = (latencyMs: number | null) =>
      latencyClaims([exported({ latencies: [{ ...latency, postProcessing: { ...post, latencyMs } }] })], ofPhotos)[0]!.operator
    expect(of(10)).toEqual({ name: 'Post', timed: true, photos: 25 })
    expect(of(null)).toEqual({ name: 'Post', timed: false, photos: 25 })
  })

  it('knows computers and boards by their processors, and a device of an earlier mnas by what there is', () => {
    const of = (changes: object) => deviceOf({ ...latency, ...changes })
    const details = { processor: 'Cortex-A76', system: 'linux', kernel: '6.1' }
    expect(of({ device: 'host', kind: 'host', details })).toMatchObject({ model: 'Cortex-A76', soc: null, os: 'linux 6.1' })
    expect(of({ device: 'ssh:pi', kind: 'board', details: { ...details, model: 'Pi 5' } })).toMatchObject({
      ...{ model: 'Pi 5', soc: 'Cortex-A76' },
    })
    expect(of({ device: 'ssh:pi', kind: undefined, details: undefined })).toMatchObject({ kind: 'ssh', model: 'ssh', os: null })
  })
})

it('claims of a file of another input size say so in their commands', () => {
  const larger = exported({ model: { inputSize: 128 } })
  expect(accuracyClaims(contents(provenance, [larger]), context)[1]!.command).toContain(' --size 128 --quantize int8 ')
  const ofPhotos = { name: 'photos', inputSize: 96, allowEmulated: false }
  expect(latencyClaims([larger], ofPhotos)[0]!.command).toContain(' --device android --size 128 --quantize int8 ')
})

it('a command is quoted as a shell takes it', () => {
  expect(commandLine('evaluate', "it's", '--data', 'a b', '$(x)')).toBe("mnas evaluate 'it'\\''s' --data 'a b' '$(x)'")
})

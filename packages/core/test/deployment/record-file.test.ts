import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DeviceInfo, LatencyMeasurement, ModelFile } from '@mnas/core/contracts'
import { type FileFacts, type Findings, fileFactsSchema, recordFile, type WrittenFile } from '@mnas/core/deployment'
import { hashJson } from '@mnas/core/files'
import { timingOf } from '@mnas/core/measurement'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder: string
let cacheFolder: string
beforeEach(() => {
  ;[folder, cacheFolder] = [mkdtempSync(join(tmpdir(), 'mnas-record-')), mkdtempSync(join(tmpdir(), 'mnas-cache-'))]
})
afterEach(() => {
  for (const path of [folder, cacheFolder]) rmSync(path, { recursive: true, force: true })
})

const runtime = { name: 'litert', version: '2.3.0', sha256: hashJson('library') }
const device: DeviceInfo = {
  ...{ name: 'host', kind: 'host', emulated: false, formats: ['tflite'], runtime, fingerprint: hashJson('host'), details: {} },
}
const phone: DeviceInfo = { ...device, name: 'phone', fingerprint: hashJson('phone') }

const measured = (latencyMs: number, on = device, flags = { threads: 1 }): Findings => {
  const measurement: LatencyMeasurement = {
    ...{ latencyMs, spread: 0.01, stable: true, statistic: 'median', processes: [timingOf([latencyMs])] },
    ...{ runtime, flags, fingerprint: on.fingerprint, before: {}, after: {} },
  }
  return { measured: { device: on, measurement } }
}
const agreement = { verifiedOn: 'photos', images: 20, metrics: { top1Agreement: 1 } } as const

function written(changes: Partial<ModelFile> = {}): WrittenFile {
  const file: ModelFile = {
    ...{ format: 'tflite', precision: 'int8', path: join(folder, 'photos-96px-int8.tflite'), sizeBytes: 9 },
    ...{ sha256: hashJson('bytes'), structure: hashJson('structure'), graphHash: hashJson('graph') },
    inputs: [{ name: 'image', shape: [1, 96, 96, 3], dtype: 'int8', affine: { scale: [0.5], zeroPoint: [-128], axis: null } }],
    outputs: [],
    preprocessing: { fit: { kind: 'stretch' }, mean: [1, 2, 3], std: [4, 5, 6], exif: 'applied' },
    ...changes,
  }
  const model = {
    ...{
      name: 'photos',
      trained: true,
      task: { name: 'classification' },
      labels: ['a', 'b'],
      architecture: { input: { size: 96 } },
    },
    costs: { parameters: 5, macs: 7, peakMemoryBytes: 3 },
    ...{ deployment: null, postProcessing: null },
  } as unknown as WrittenFile['model']
  return { file, model, exporter: { format: 'tflite', version: '1' }, mnasVersion: '0.1.0', cacheFolder }
}

const facts = (): FileFacts =>
  fileFactsSchema.parse(JSON.parse(readFileSync(join(folder, 'photos-96px-int8.tflite.json'), 'utf8')))
const latencies = () => facts().latencies.map(({ device: name, latencyMs }) => [name, latencyMs])

describe('recordFile', () => {
  it('tells a file by its name alone, and leaves nothing else beside it', async () => {
    const of = written()
    await recordFile(of)
    const { path: _, ...file } = of.file
    expect(facts()).toEqual({
      version: 1,
      ...file,
      labels: ['a', 'b'],
      file: 'photos-96px-int8.tflite',
      recipe: null,
      model: { name: 'photos', task: 'classification', inputSize: 96, parameters: 5, macs: 7, randomWeights: false },
      agreement: null,
      latencies: [],
      provenance: { mnas: '0.1.0', exporter: { format: 'tflite', version: '1' }, writtenAt: expect.any(String) },
    })
    expect(readdirSync(folder)).toEqual(['photos-96px-int8.tflite.json'])
  })

  it('keeps a latency for each device and what it was told, the last of each', async () => {
    await recordFile(written(), measured(10))
    await recordFile(written(), measured(4, phone))
    await recordFile(written(), measured(6, device, { threads: 2 }))
    await recordFile(written(), measured(11))
    expect(latencies()).toEqual([
      ['phone', 4],
      ['host', 6],
      ['host', 11],
    ])
    expect(facts().latencies[0]).toMatchObject({ runtime, processes: 1, statistic: 'median', flags: { threads: 1 } })
  })

  it('keeps latencies whose processes differ by more than their median, and those beside them', async () => {
    await recordFile(written(), measured(4, phone))
    const { measured: found } = measured(10)
    await recordFile(written(), { measured: { ...found!, measurement: { ...found!.measurement, spread: 1.2, stable: false } } })
    await recordFile(written(), { agreement })
    expect(facts().latencies.map(({ device: name, spread }) => [name, spread])).toEqual([
      ['phone', 0.01],
      ['host', 1.2],
    ])
  })

  it('says what a latency was measured on, and how its runs were spread', async () => {
    const { measured: found } = measured(10, phone)
    const processes = [timingOf([8, 9, 10]), timingOf([11, 12, 13])]
    const measurement = { ...found!.measurement, processes, doubts: ['thermal'] as const, before: { celsius: 41 } }
    await recordFile(written(), { measured: { device: { ...phone, kind: 'phone', details: { model: 'P' } }, measurement } })
    expect(facts().latencies[0]).toMatchObject({
      ...{ kind: 'phone', details: { model: 'P' }, doubts: ['thermal'], before: { celsius: 41 }, after: {} },
      runs: { count: 6, minMs: 8, p90Ms: 13, p99Ms: 13 },
    })
    const { samplesMs: _, ...summary } = timingOf([8, 9])
    await recordFile(written(), { measured: { device, measurement: { ...found!.measurement, processes: [summary] } } })
    expect(facts().latencies.at(-1)!.runs).toEqual({ count: 2, minMs: 8, p90Ms: null, p99Ms: null })
  })

  it('keeps the latencies of other weights and drops their agreement, and both of another structure', async () => {
    await recordFile(written(), measured(10))
    await recordFile(written(), { agreement })
    expect(facts().agreement).toEqual(agreement)
    expect(latencies()).toEqual([['host', 10]])
    await recordFile(written({ sha256: hashJson('other bytes') }))
    expect(facts().agreement).toBeNull()
    expect(latencies()).toEqual([['host', 10]])
    await recordFile(written({ sha256: hashJson('third'), structure: hashJson('other structure') }))
    expect(latencies()).toEqual([])
  })

  it('keeps no time of an operator behind the graph for other weights: they move it', async () => {
    const times = { latencyMs: 10, withoutMs: 8, costMs: 2, largestMs: 3 }
    const operator = { operator: 'post', ...times, photos: 25, timedOn: 'device' as const, reason: null }
    const { measured: found } = measured(10)
    await recordFile(written(), { measured: { ...found!, operator } })
    expect(facts().latencies[0]).toMatchObject({ latencyMs: 10, postProcessing: operator })
    await recordFile(written())
    expect(latencies()).toEqual([['host', 10]])
    await recordFile(written({ sha256: hashJson('other bytes') }))
    expect(latencies()).toEqual([])
  })

  it('loses nothing of several that record at once', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `phone ${index}`)
    const recording = names.map((name) => recordFile(written(), measured(10, { ...phone, name, fingerprint: hashJson(name) })))
    await Promise.all([...recording, recordFile(written(), { agreement })])
    expect(
      latencies()
        .map(([name]) => name)
        .sort(),
    ).toEqual(names.sort())
    expect(facts().agreement).toEqual(agreement)
  })

  it('begins anew where what stands there cannot be read', async () => {
    await recordFile(written(), measured(10))
    writeFileSync(join(folder, 'photos-96px-int8.tflite.json'), '{"version": 1')
    await recordFile(written(), { agreement })
    expect(facts()).toMatchObject({ agreement, latencies: [] })
  })

  it('says when it cannot be written', async () => {
    const path = join(folder, 'file', 'below.tflite')
    writeFileSync(join(folder, 'file'), '')
    await expect(recordFile(written({ path }))).rejects.toMatchObject({ code: 'MNAS_FILE_WRITE' })
  })
})

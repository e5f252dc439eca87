import { hashBytes } from '@mnas/core/files'
import type { AccuracyClaim, LatencyClaim } from '#internal/entry/claims.js'
import type { ZooEntry } from '#internal/entry/entry-schema.js'

const weights = hashBytes('weights')
const int8 = hashBytes('int8')

export const accuracyClaim = (changes: Partial<AccuracyClaim> = {}): AccuracyClaim => ({
  ...{ basis: 'measured', command: 'mnas evaluate photos --data photos', mnas: '0.1.0', date: '2026-11-28', file: weights },
  dataset: { name: 'photos', split: 'validation', fingerprint: hashBytes('photos'), images: 100 },
  ...{
    metrics: { top1: 0.8, loss: 0.7, count: 100 },
    right: 80,
    seeds: [],
    interval95: null,
    decoder: 'exact',
    engine: 'onnx cpu',
  },
  ...changes,
})

export const latencyClaim = (changes: Partial<LatencyClaim> = {}): LatencyClaim => ({
  ...{ basis: 'measured', command: 'mnas deploy photos --device android', mnas: '0.1.0', date: '2026-11-28', file: int8 },
  device: {
    ...{ kind: 'phone', vendor: 'Google', model: 'Pixel 8', soc: 'Tensor G3', os: 'Android 16', emulated: false },
    fingerprint: hashBytes('pixel-8'),
  },
  runtime: { name: 'litert', version: '2.3.0', sha256: hashBytes('library') },
  ...{ accelerator: 'cpu', threads: 1, flags: {}, ms: { p50: 8, p90: 8.5, p99: 9, min: 7.9 } },
  ...{ spread: 0.01, runs: 150, processes: 3, thermal: null },
  ...changes,
})

/** What an entry of a search's network says. */
export function madeUpEntry(changes: Partial<ZooEntry> = {}): ZooEntry {
  return {
    ...{ version: 1, name: 'me/photos', release: '1.0.0', task: 'classification' },
    ...{ architecture: hashBytes('architecture'), architectureName: 'mnasnet-a1@0.5', inputSize: 96 },
    ...{ parameters: 1000, multiplyAdds: 10_000, classes: 6 },
    files: [
      { path: 'model.json', sha256: hashBytes('model'), sizeBytes: 5, role: 'model' },
      { path: 'weights.safetensors', sha256: weights, sizeBytes: 7, role: 'weights' },
      {
        ...{ path: 'exports/photos-96px-int8.tflite', sha256: int8, sizeBytes: 4, role: 'export' },
        ...{ format: 'tflite', precision: 'int8' },
      },
    ],
    accuracy: [accuracyClaim()],
    latency: [latencyClaim()],
    lineage: {
      ...{ kind: 'training', job: hashBytes('job'), recipe: 'sgd, 3 epochs', seed: 1, epochs: 3, data: hashBytes('photos') },
      ...{ parent: null, search: null },
    },
    licence: { weights: 'MIT', code: 'Apache-2.0', data: [], text: null, relicensed: null },
    card: { summary: 'photos in six classes', intendedUse: 'sorting', limits: 'daylight', risks: '' },
    supersedes: null,
    ...changes,
  }
}

import type { ZooEntry } from '@mnas/plugin-zoo'
import { describe, expect, it } from 'vitest'
import { accuracyOf, latencyOf, sha256, syntheticEntry } from '../../../test/support/zoo/zoo-folder.mjs'
import { compareAccuracy, compareLatency } from '../src/compare/comparable.js'

const { entry: blank } = syntheticEntry(0)
const entryOf = (changes: Partial<Pick<ZooEntry, 'accuracy' | 'latency'>>): ZooEntry => ({
  ...blank,
  accuracy: [],
  latency: [],
  ...changes,
})
const onData = (name: string) => ({ name, split: 'val', fingerprint: sha256(name), images: 10 })

describe('a comparison', () => {
  it('sets the same metric of the same data side by side, and nothing else', () => {
    const one = entryOf({
      accuracy: [accuracyOf({ metrics: { top1: 0.8 } }), accuracyOf({ metrics: { top1: 0.7 }, dataset: onData('mine') })],
    })
    const other = entryOf({
      accuracy: [
        accuracyOf({ metrics: { top1: 0.9 } }),
        accuracyOf({ basis: 'published', source: 'https://example.org', metrics: { top1: 0.95 } }),
        accuracyOf({ metrics: { top1: 0.6 }, dataset: onData('yours') }),
      ],
    })
    const rows = compareAccuracy(one, other).map(({ one, other }) => [one?.value ?? null, other?.value ?? null])
    expect(rows).toEqual([
      [0.8, 0.9],
      [0.7, null],
      [null, 0.95],
      [null, 0.6],
    ])
  })

  it('keeps other threads, emulators and runtimes apart', () => {
    const one = entryOf({
      latency: [latencyOf({ device: 'Pixel 8', ms: 9 }), latencyOf({ device: 'Pixel 8', ms: 3, threads: 4 })],
    })
    const other = entryOf({
      latency: [latencyOf({ device: 'Pixel 8', ms: 8 }), latencyOf({ device: 'Pixel 8', ms: 2, emulated: true })],
    })
    const rows = compareLatency(one, other).map(({ one, other }) => [one?.ms.p50 ?? null, other?.ms.p50 ?? null])
    expect(rows).toEqual([
      [9, 8],
      [3, null],
      [null, 2],
    ])
  })
})

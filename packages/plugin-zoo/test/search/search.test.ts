import { describe, expect, it } from 'vitest'
import type { EntrySummary } from '#internal/catalogue/catalogue-schema.js'
import { describeSearch } from '#internal/search/describe-search.js'
import { devicesLike } from '#internal/search/device-names.js'
import { isLicenceAllowed } from '#internal/search/licence-allowed.js'
import { type SearchWish, search } from '#internal/search/search-zoos.js'
import { madeUpPublication } from '../support/made-up-publication.js'

type Accuracy = EntrySummary['accuracy'][number]
type Latency = EntrySummary['latency'][number]
const accuracy = (top1: number, basis: Accuracy['basis'] = 'measured', changes: Partial<Accuracy> = {}): Accuracy => ({
  ...{ basis, dataset: 'photos', images: 500, precision: null, metrics: { top1 } },
  ...changes,
})
const latency = (ms: number, device = 'Pixel 8', changes: Partial<Latency> = {}): Latency => ({
  ...{ basis: 'measured', device, soc: 'Tensor G3', emulated: false, accelerator: 'cpu', threads: 1, precision: 'float32', ms },
  ...changes,
})
const release = (name: string, summary: Partial<EntrySummary>) => ({
  zoo: 'zoo',
  entry: { ...madeUpPublication({ name }).summary, ...summary },
})
const releases = [
  release('me/fast', { accuracy: [accuracy(0.7)], latency: [latency(5)], licence: 'MIT' }),
  release('me/good', { accuracy: [accuracy(0.9)], latency: [latency(20)], licence: 'Apache-2.0' }),
  release('me/paper', { accuracy: [accuracy(0.95, 'published')], latency: [latency(6)], licence: 'MIT OR Apache-2.0' }),
  release('me/emulated', { accuracy: [accuracy(0.8)], latency: [latency(1, 'Pixel 8', { emulated: true })] }),
  release('me/nowhere', { accuracy: [accuracy(0.99)], task: 'detection', licence: 'MIT' }),
]
const everything: SearchWish = {
  ...{ name: null, task: null, device: null, maxLatencyMs: null, licences: null, where: null, sort: null },
  ...{ mixed: false, emulated: false, all: false },
}
const found = (wish: Partial<SearchWish>) => search(releases, { ...everything, ...wish }).rows
const names = (wish: Partial<SearchWish>) => found(wish).map(({ entry }) => entry.name.slice(3))

describe('a search', () => {
  it('answers the question of the first page', () => {
    const wish = { task: 'classification', device: 'pixel-8', maxLatencyMs: 10, licences: ['mit'], sort: 'top1' }
    expect(names(wish)).toEqual(['fast', 'paper'])
    expect(found(wish)[0]).toMatchObject({ accuracy: { metrics: { top1: 0.7 } }, latency: { ms: 5, device: 'Pixel 8' } })
  })

  it('mixes no bases unless it is told to', () => {
    const wish = { device: 'pixel*', name: 'me/paper' }
    expect(found(wish)[0]).toMatchObject({ accuracy: null, latency: { basis: 'measured' } })
    expect(found({ ...wish, mixed: true })[0]).toMatchObject({ accuracy: { basis: 'published' }, latency: { basis: 'measured' } })
    expect(names({ device: 'pixel*', where: 'top1>0.94' })).toEqual([])
    expect(names({ device: 'pixel*', where: 'top1>0.94', mixed: true })).toEqual(['paper'])
  })

  it('sorts numbers of one basis together', () => {
    expect(names({ sort: 'top1' })).toEqual(['nowhere', 'good', 'emulated', 'fast', 'paper'])
    expect(names({ sort: 'top1:asc' })).toEqual(['fast', 'emulated', 'good', 'nowhere', 'paper'])
    expect(names({ sort: 'ms', device: 'pixel-8' })).toEqual(['fast', 'paper', 'good'])
    expect(names({})).toEqual(['emulated', 'fast', 'good', 'nowhere', 'paper'])
  })

  it('knows latencies of measured devices alone', () => {
    expect(names({ device: 'pixel-9' })).toEqual([])
    expect(names({ device: 'tensor-g3' })).toEqual(['fast', 'good', 'paper'])
    expect(names({ device: 'Pixel 8', emulated: true, sort: 'ms' })).toEqual(['emulated', 'fast', 'paper', 'good'])
    expect(() => found({ maxLatencyMs: 10 })).toThrow(/MNAS|--device/)
    expect(() => found({ sort: 'ms' })).toThrow(/--device/)
    expect(names({ where: 'ms<10' })).toEqual(['fast', 'paper'])
  })

  it('takes the accuracy of the file that was timed', () => {
    const both = release('me/both', {
      accuracy: [accuracy(0.9), accuracy(0.85, 'measured', { precision: 'int8' })],
      latency: [latency(9), latency(3, 'Pixel 8', { precision: 'int8' })],
    })
    const rows = search([both], { ...everything, device: 'pixel-8', sort: 'ms', where: 'ms<5' }).rows
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ accuracy: { metrics: { top1: 0.85 } }, latency: { ms: 3 } })
    const slow = search([both], { ...everything, device: 'pixel-8', where: 'top1>0.87' }).rows
    expect(slow[0]).toMatchObject({ accuracy: { metrics: { top1: 0.9 } }, latency: { ms: 9 } })
  })

  it('pairs numbers of one file, or says what the accuracy is of; never those of two exports', () => {
    const [lite, tfjs, weights] = ['exports/a.tflite', 'exports/a.tfjs/model.json', 'weights.safetensors']
    const rowsOf = (...accuracies: readonly Accuracy[]) => {
      const one = release('me/two', { accuracy: [...accuracies], latency: [latency(9, 'Pixel 8', { file: lite })] })
      const result = search([one], { ...everything, device: 'pixel-8', sort: 'top1' })
      const shown = describeSearch(result, 20, []).at(-1)!
      return [result.rows.map((row) => row.accuracy?.metrics['top1'] ?? null), shown] as const
    }
    const own = accuracy(0.7, 'measured', { file: lite, precision: 'float32' })
    const other = accuracy(0.9, 'measured', { file: tfjs, precision: 'float32' })
    const ofWeights = accuracy(0.8, 'measured', { file: weights })
    expect(rowsOf(other, ofWeights, own)).toEqual([[0.7], expect.stringMatching(/0\.7000 +measured +float32 +photos/)])
    expect(rowsOf(other, ofWeights)).toEqual([[0.8], expect.stringMatching(/0\.8000 +measured +float32, top1 of the weights/)])
    expect(rowsOf(other)[0]).toEqual([null])
    // Zoos of before name no file.
    const { file: _, ...before } = other
    expect(rowsOf(before, ofWeights)[0]).toEqual([0.9])
  })

  it('names an order that is none', () => {
    expect(() => found({ sort: 'top2' })).toThrow(/Did you mean "top1"/)
  })

  it('shows what it found, by basis, and how much more', () => {
    const result = search(releases, { ...everything, sort: 'top1' })
    const lines = describeSearch(result, 2, [])
    expect(lines[0]).toBe('Measured by mnas:')
    expect(lines.at(-1)).toBe('and 3 more (--limit)')
    expect(describeSearch(result, 20, []).join('\n')).toMatch(/Published elsewhere, not measured:\n.*\nme\/paper/)
  })
})

describe('devices like another', () => {
  it('are those with its chip, then those with its words', () => {
    const entries = [
      release('me/a', { latency: [latency(1), latency(1, 'Pixel 8 Pro'), latency(1, 'Pixel 5', { soc: 'SD765G' })] }).entry,
      release('me/b', { latency: [latency(1, 'Galaxy S24', { soc: 'Exynos 2400' }), latency(1)] }).entry,
    ]
    const like = devicesLike('pixel-8', entries)
    expect(like.map(({ device, entries: count }) => [device, count])).toEqual([
      ['Pixel 8', 2],
      ['Pixel 8 Pro', 1],
      ['Pixel 5', 1],
    ])
    expect(devicesLike('moto-g', entries)).toEqual([])
  })
})

it.each([
  ['MIT', ['mit'], true],
  ['Apache-2.0', ['mit'], false],
  ['MIT OR Apache-2.0', ['apache-2.0'], true],
  ['MIT AND Apache-2.0', ['apache-2.0'], false],
  ['MIT AND (Apache-2.0 OR BSD-3-Clause)', ['mit', 'bsd-3-clause'], true],
  ['GPL-2.0-only WITH Classpath-exception-2.0', ['gpl-2.0-only'], false],
  ['no licence', ['mit'], false],
])('"%s" for %j: %s', (expression, allowed, expected) => {
  expect(isLicenceAllowed(expression, allowed)).toBe(expected)
})

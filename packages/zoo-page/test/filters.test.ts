import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { syntheticEntry } from '../../../test/support/zoo/zoo-folder.mjs'
import { addressOf, bases, type Filters, filtersIn, noFilters, sorts } from '../src/list/filters.js'
import { rowsOf } from '../src/list/rows.js'
import { basesOf, ofOther, selectRows } from '../src/list/select-rows.js'
import { summary } from './summary.js'

const amount = fc.option(
  fc.double({ min: 0, max: 1e9, noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
)
const filters: fc.Arbitrary<Filters> = fc.record({
  q: fc.string(),
  task: fc.string(),
  licence: fc.string(),
  basis: fc.constantFrom('' as const, ...bases),
  dataset: fc.string(),
  metric: fc.string(),
  least: amount,
  device: fc.string(),
  maxMs: amount,
  maxBytes: amount,
  maxParameters: amount,
  all: fc.boolean(),
  sort: fc.constantFrom(...sorts),
})

describe('filters', () => {
  it('come back from the address as they were, whatever is in them', () => {
    const sameAgain = (asked: Filters) => {
      expect(filtersIn(new URLSearchParams(addressOf(asked).toString()))).toEqual(asked)
    }
    fc.assert(fc.property(filters, sameAgain))
  })

  it('are none in an address that means nothing', () => {
    expect(filtersIn(new URLSearchParams('?sort=beauty&basis=rumour&max-latency=fast&all=yes&min='))).toEqual(noFilters)
    expect(addressOf(noFilters).toString()).toBe('')
  })
})

describe('the list', () => {
  const rows = rowsOf([
    summary({ name: 'me/a', release: '1.0.0', latency: [{ device: 'Pixel 8', ms: 9 }] }),
    summary({
      name: 'me/a',
      release: '1.10.0',
      latency: [
        { device: 'Pixel 8', ms: 8 },
        { device: 'Pixel 8', ms: 2, emulated: true },
      ],
    }),
    summary({ name: 'me/a', release: '1.9.0' }),
    summary({ name: 'me/b', release: '2.0.0', yanked: 'wrong' }),
    summary({ name: 'me/b', release: '1.0.0-rc.1', accuracy: [{ basis: 'published', value: 0.9 }] }),
  ])
  const idsOf = (asked: Partial<Filters>) => selectRows(rows, { ...noFilters, ...asked }, 'top1').map(({ row }) => row.id)

  it('shows the newest release that was not withdrawn, by versions and not by letters', () => {
    expect(idsOf({ sort: 'name' })).toEqual(['me/a@1.10.0', 'me/b@1.0.0-rc.1'])
    expect(idsOf({ sort: 'name', all: true })).toHaveLength(5)
  })

  it('takes a latency from the device that was asked for, never from its emulator', () => {
    const [found] = selectRows(rows, { ...noFilters, device: 'Pixel 8' }, 'top1')
    expect(found!.latency!.ms).toBe(8)
    expect(idsOf({ device: 'Pixel 8', maxMs: 7 })).toEqual([])
    expect(idsOf({ device: 'Pixel 8 (emulated)', maxMs: 7 })).toEqual(['me/a@1.10.0'])
    expect(idsOf({ device: 'Pixel 9' })).toEqual([])
  })

  it('keeps to one kind of number where one is asked for, and tells which stand in one order', () => {
    const all = selectRows(rows, noFilters, 'top1')
    expect(all.map(({ accuracy }) => accuracy?.claim.basis)).toEqual(['published', 'measured'])
    expect(basesOf(all, 'accuracy')).toEqual(['measured', 'published'])
    const measured = selectRows(rows, { ...noFilters, basis: 'measured', least: 0 }, 'top1')
    expect(measured.map(({ row }) => row.id)).toEqual(['me/a@1.10.0'])
  })

  it('shows an accuracy and a latency of one file, by the order that is asked for, and says where it is of the weights', () => {
    const [float, int8, tfjs] = ['exports/a.tflite', 'exports/a-int8.tflite', 'exports/a.tfjs/model.json']
    const timed = [
      { device: 'Pixel 8', ms: 9, file: float, precision: 'float32' },
      { device: 'Pixel 8', ms: 3, file: int8, precision: 'int8' },
    ]
    const shown = (accuracy: readonly object[], asked: Partial<Filters> = {}) => {
      const rows = rowsOf([summary({ accuracy: accuracy as { value: number }[], latency: timed })])
      const found = selectRows(rows, { ...noFilters, device: 'Pixel 8', ...asked }, 'top1')
      return found.map((one) => [one.accuracy?.value ?? null, one.latency!.ms, ofOther(one)])
    }
    const judged = [
      { value: 0.9, file: float, precision: 'float32' },
      { value: 0.8, file: int8, precision: 'int8' },
    ]
    expect(shown(judged)).toEqual([[0.9, 9, null]])
    expect(shown(judged, { sort: 'latency' })).toEqual([[0.8, 3, null]])
    expect(shown(judged, { maxMs: 5 })).toEqual([[0.8, 3, null]])
    expect(shown(judged, { maxMs: 5, least: 0.85 })).toEqual([])
    // Of the same precision, and another file.
    const ofOthers = [{ value: 0.95, file: tfjs, precision: 'float32' }]
    expect(shown(ofOthers)).toEqual([[null, 3, null]])
    expect(shown([...ofOthers, { value: 0.91, file: 'weights.safetensors' }])).toEqual([[0.91, 3, 'of the weights']])
    expect(shown([{ value: 0.97, file: null, basis: 'published' }])).toEqual([[0.97, 3, 'of the architecture']])
    // A zoo of before: by precision.
    const before = [{ value: 0.7, precision: 'int8' }, { value: 0.75 }]
    expect(shown(before, { maxMs: 5 })).toEqual([[0.7, 3, null]])
  })

  it('holds for every filter: what is shown is what was asked for, in order', () => {
    const many = rowsOf(Array.from({ length: 200 }, (_, index) => summary({ ...fromSynthetic(index) })))
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 0.9, noNaN: true }), fc.integer({ min: 2, max: 40 }), (least, maxMs) => {
        const found = selectRows(many, { ...noFilters, least, maxMs, device: 'Pixel 8', sort: 'latency' }, 'top1')
        expect(found.every(({ accuracy, latency }) => accuracy!.value >= least && latency!.ms <= maxMs)).toBe(true)
        const times = found.map(({ latency }) => latency!.ms)
        expect(times).toEqual([...times].sort((a, b) => a - b))
      }),
    )
  })
})

function fromSynthetic(index: number) {
  const { entry } = syntheticEntry(index)
  const latency = entry.latency.map(({ device, ms }) => ({ device: device.model, ms: ms.p50, emulated: device.emulated }))
  return { name: entry.name, release: entry.release, latency, accuracy: [{ value: entry.accuracy[0]!.metrics['top1']! }] }
}

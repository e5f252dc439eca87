import type { Axis } from '@mnas/core/contracts'
import { paretoFront } from '@mnas/plugin-search'
import fc from 'fast-check'
import { expect, it } from 'vitest'

const scored = fc.record({ accuracy: fc.integer({ min: 0, max: 9 }), latencyMs: fc.integer({ min: 1, max: 9 }) })
const axes: readonly Axis[] = [
  { name: 'accuracy', better: 'more' },
  { name: 'latencyMs', better: 'less' },
]
type Point = { readonly accuracy: number; readonly latencyMs: number }
const beats = (a: Point, b: Point) =>
  a.accuracy >= b.accuracy && a.latencyMs <= b.latencyMs && (a.accuracy > b.accuracy || a.latencyMs < b.latencyMs)

it('keeps exactly one of each point that no other beats, fastest first', () => {
  fc.assert(
    fc.property(fc.array(scored), (points) => {
      const front = paretoFront(points, axes, ({ accuracy, latencyMs }) => [accuracy, latencyMs])
      const unbeaten = points.filter((point) => !points.some((other) => beats(other, point)))
      const distinct = new Set(unbeaten.map(({ accuracy, latencyMs }) => `${accuracy}/${latencyMs}`))
      expect(new Set(front.map(({ accuracy, latencyMs }) => `${accuracy}/${latencyMs}`))).toEqual(distinct)
      expect(front).toHaveLength(distinct.size)
      expect(front.map(({ latencyMs }) => latencyMs)).toEqual(front.map(({ latencyMs }) => latencyMs).toSorted((a, b) => a - b))
    }),
  )
})

it('weighs any number of axes, and ranks what is no number last', () => {
  const three: readonly Axis[] = [...axes, { name: 'parameters', better: 'less' }]
  const points = [
    [0.9, 5, 100],
    [0.8, 5, 90],
    [0.8, 6, 95],
    [0.7, 4, 200],
    [Number.NaN, 4, 200],
  ]
  expect(paretoFront(points, three, (point) => point)).toEqual([points[1], points[0], points[3]])
})

it('agrees with a comparison of all pairs on three axes', () => {
  const three: readonly Axis[] = [...axes, { name: 'parameters', better: 'less' }]
  const point = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 }))
  fc.assert(
    fc.property(fc.array(point), (points) => {
      const front = paretoFront(points, three, (values) => values)
      const nowhereWorse = (a: number[], b: number[]) => a[0]! >= b[0]! && a[1]! <= b[1]! && a[2]! <= b[2]!
      const unbeaten = points.filter((p) => !points.some((q) => nowhereWorse(q, p) && String(q) !== String(p)))
      expect(front.map(String).toSorted()).toEqual([...new Set(unbeaten.map(String))].toSorted())
    }),
  )
})

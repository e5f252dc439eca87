import { paretoFront } from '@mnas/plugin-search'
import fc from 'fast-check'
import { expect, it } from 'vitest'

const scored = fc.record({ accuracy: fc.integer({ min: 0, max: 9 }), latencyMs: fc.integer({ min: 1, max: 9 }) })
type Point = { readonly accuracy: number; readonly latencyMs: number }
const beats = (a: Point, b: Point) =>
  a.accuracy >= b.accuracy && a.latencyMs <= b.latencyMs && (a.accuracy > b.accuracy || a.latencyMs < b.latencyMs)

it('keeps exactly one of each point that no other beats, fastest first', () => {
  fc.assert(
    fc.property(fc.array(scored), (points) => {
      const front = paretoFront(points)
      const unbeaten = points.filter((point) => !points.some((other) => beats(other, point)))
      const distinct = new Set(unbeaten.map(({ accuracy, latencyMs }) => `${accuracy}/${latencyMs}`))
      expect(new Set(front.map(({ accuracy, latencyMs }) => `${accuracy}/${latencyMs}`))).toEqual(distinct)
      expect(front).toHaveLength(distinct.size)
      expect(front.map(({ latencyMs }) => latencyMs)).toEqual(front.map(({ latencyMs }) => latencyMs).toSorted((a, b) => a - b))
    }),
  )
})

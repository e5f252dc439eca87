import { namedArchitecture, scaleArchitecture } from '@mnas/core/architecture'
import { lowerBackbone } from '@mnas/core/graph'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AnchorOptions, anchorOptionsSchema } from '#internal/anchors/anchor-options.js'
import { cellAnchors } from '#internal/anchors/cell-anchors.js'
import { type MapSize, makeAnchors } from '#internal/anchors/make-anchors.js'
import { head } from '#internal/head/head.js'
import { anchorsOf, targetsOf } from '#internal/targets/targets-of.js'
import { goldenParts } from './support/golden-parts.js'

const three = anchorOptionsSchema.parse({ first: 3 })
const six = anchorOptionsSchema.parse({})
const square = (sides: readonly number[]): readonly MapSize[] => sides.map((side) => [side, side])
const rowsOf = (anchors: Float64Array) =>
  Array.from({ length: anchors.length / 4 }, (_, i) => [...anchors.subarray(4 * i, 4 * i + 4)])

describe.skipIf(goldenParts === null)('anchors, three for a cell of the first map', () => {
  it.each(Object.entries(goldenParts?.anchors ?? {}))('are the golden ones at %s px', (size, expected) => {
    const architecture = scaleArchitecture(namedArchitecture('mnasnet-a1@0.35'), { inputSize: Number(size) })
    const options = { classes: 1, anchors: { first: 3 } }
    const targets = targetsOf(head(lowerBackbone(architecture), options), options)
    expect(targets['maps']).toEqual(square(expected.maps))
    const rows = rowsOf(anchorsOf(targets).anchors)
    expect(rows).toHaveLength(expected.count)
    for (const [index, row] of Object.entries(expected.rows)) {
      for (const [axis, value] of row.entries()) expect(rows[Number(index)]![axis]).toBeCloseTo(value, 12)
    }
    for (const [axis, sum] of expected.columnSums.entries()) {
      expect(rows.reduce((total, row) => total + row[axis]!, 0)).toBeCloseTo(sum, 6)
    }
  })
})

describe('anchors', () => {
  it('keep their first three where the first map has six for a cell', () => {
    const [few, many] = [cellAnchors(three, 6), cellAnchors(six, 6)]
    expect(many[0]!.slice(0, 3)).toEqual(few[0])
    expect(many.slice(1)).toEqual(few.slice(1))
    const sides = [0.2, Math.sqrt(0.1 * 0.2), Math.sqrt(0.2 * 0.35)]
    expect(many[0]!.slice(3)).toEqual(
      sides.map((side) => ({ height: expect.closeTo(side, 12), width: expect.closeTo(side, 12) })),
    )
  })

  it('spread the same scales over fewer maps', () => {
    const shapes = cellAnchors({ ...six, scales: [0.2, 0.8] }, 3)
    expect(shapes.map((cell) => cell.find(({ height, width }) => height === width)!.height)).toEqual([0.1, 0.5, 0.8])
    expect(shapes.at(-1)!.at(-1)!.height).toBeCloseTo(Math.sqrt(0.8), 12)
  })

  it('have their centres in the middle of the cells of maps of any shape, row after row', () => {
    const options = fc.record({
      first: fc.constantFrom(3 as const, 6 as const),
      smallest: fc.double({ min: 0.01, max: 0.3, noNaN: true }),
    })
    const maps = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 2,
      maxLength: 6,
    })
    fc.assert(
      fc.property(options, maps, (own, sizes) => {
        const all: AnchorOptions = { ...six, ...own }
        const rows = rowsOf(makeAnchors(sizes, all))
        const perCell = (map: number) => (map === 0 ? all.first : 6)
        expect(rows).toHaveLength(sizes.reduce((sum, [r, c], map) => sum + r * c * perCell(map), 0))
        const [rowsOfFirst, columns] = sizes[0]!
        for (const [index, [cy, cx, height, width]] of rows.slice(0, rowsOfFirst * columns * all.first).entries()) {
          const cell = Math.floor(index / all.first)
          expect([cy! * rowsOfFirst - 0.5, cx! * columns - 0.5]).toEqual([
            expect.closeTo(Math.floor(cell / columns), 9),
            expect.closeTo(cell % columns, 9),
          ])
          expect(Math.min(height!, width!)).toBeGreaterThan(0)
        }
      }),
      { numRuns: 60 },
    )
  })

  it.each([[{ first: 4 }], [{ smallest: 0 }], [{ scales: [0.9, 0.2] }], [{ ratios: [1] }]])(
    'refuse the options %o',
    (options) => {
      expect(anchorOptionsSchema.safeParse(options).success).toBe(false)
    },
  )

  it('belong to the graph: other padding, other strides, other maps', () => {
    const architecture = { ...namedArchitecture('mnasnet-a1@0.35'), input: { size: 100 } }
    const sizesOf = (changed: typeof architecture) =>
      targetsOf(head(lowerBackbone(changed), { classes: 2 }), { classes: 2 })['maps']
    expect(sizesOf(architecture)).toEqual(square([7, 4, 2, 1, 1, 1]))
    const blocks = architecture.blocks.map((row, index) => (index === 5 ? { ...row, stride: 1 as const } : row))
    expect(sizesOf({ ...architecture, blocks })).toEqual(square([13, 7, 4, 2, 1, 1]))
  })
})

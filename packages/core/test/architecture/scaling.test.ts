import {
  architectureHash,
  namedArchitecture,
  resolutionsOf,
  roundFilters,
  scaleArchitecture,
  withFidelity,
  withTask,
} from '@mnas/core/architecture'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { architectures } from './random-architecture.js'

const a1 = namedArchitecture('mnasnet-a1')
const width = fc.double({ min: 0.1, max: 4, noNaN: true })

describe('roundFilters', () => {
  it.each([
    [32, 0.35, 16],
    [16, 0.35, 8],
    [24, 0.35, 8],
    [112, 0.35, 40],
    [36, 1, 36],
    [16, 0.75, 16],
    [40, 0.75, 32],
    [24, 1.4, 32],
  ])('%i × %d = %i', (filters, multiplier, expected) => {
    expect(roundFilters(filters, multiplier)).toBe(expected)
  })

  it('gives multiples of 8 from 8 on, never under 90 % and at most 4 above', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4096 }), width, (filters, multiplier) => {
        fc.pre(multiplier !== 1)
        const rounded = roundFilters(filters, multiplier)
        const wanted = filters * multiplier
        expect(rounded % 8).toBe(0)
        expect(rounded).toBeGreaterThanOrEqual(Math.max(8, 0.9 * wanted))
        expect(rounded).toBeLessThanOrEqual(Math.max(8, wanted + 8))
      }),
    )
  })
})

describe('scaleArchitecture', () => {
  it('changes nothing at 1', () => {
    fc.assert(
      fc.property(architectures, (architecture) => {
        expect(scaleArchitecture(architecture, {})).toEqual(architecture)
        expect(scaleArchitecture(architecture, { width: 1, depth: 1, inputSize: architecture.input.size })).toEqual(architecture)
      }),
    )
  })

  it('scales stem and rows by width, and never the head', () => {
    fc.assert(
      fc.property(architectures, width, (architecture, by) => {
        const scaled = scaleArchitecture(architecture, { width: by })
        expect(scaled.stem.filters).toBe(roundFilters(architecture.stem.filters, by))
        expect(scaled.blocks).toEqual(
          architecture.blocks.map((block) => ({ ...block, filters: roundFilters(block.filters, by) })),
        )
        expect(scaled.head).toEqual(architecture.head)
        expect(scaled.name).toBe(by === 1 ? architecture.name : `${architecture.name}@${by}`)
      }),
    )
  })

  it('rounds repeats up', () => {
    expect(scaleArchitecture(a1, { depth: 1.1 }).blocks.map(({ repeats }) => repeats)).toEqual([2, 3, 4, 5, 3, 4, 2])
    expect(scaleArchitecture(a1, { depth: 0.5 }).blocks.map(({ repeats }) => repeats)).toEqual([1, 1, 2, 2, 1, 2, 1])
    // 10 · 1.1 is 11.000000000000002 in floating point.
    const ten = { ...a1, blocks: [{ ...a1.blocks[0]!, repeats: 10 }] }
    expect(scaleArchitecture(ten, { depth: 1.1 }).blocks[0]!.repeats).toBe(11)
  })

  it('changes the input size alone', () => {
    expect(scaleArchitecture(a1, { inputSize: 96 })).toEqual({ ...a1, input: { size: 96 } })
    expect(resolutionsOf(scaleArchitecture(a1, { inputSize: 97 })).map(({ output }) => output)).toEqual([
      49, 49, 25, 13, 7, 7, 4, 4,
    ])
  })

  it.each([
    [{ width: 0 }, 'MNAS_ARCHITECTURE_WIDTH'],
    [{ width: Number.NaN }, 'MNAS_ARCHITECTURE_WIDTH'],
    [{ width: 5 }, 'MNAS_ARCHITECTURE_WIDTH'],
    [{ depth: 0 }, 'MNAS_ARCHITECTURE_FIELD'],
    [{ depth: 100 }, 'MNAS_ARCHITECTURE_FIELD'],
    [{ inputSize: 15 }, 'MNAS_ARCHITECTURE_FIELD'],
    [{ inputSize: 96.5 }, 'MNAS_ARCHITECTURE_FIELD'],
    [{ inputSize: 16 }, 'MNAS_ARCHITECTURE_SHAPE'],
  ])('refuses %o', (scaling, code) => {
    expect(() => scaleArchitecture(a1, scaling)).toThrow(expect.objectContaining({ code }))
  })
})

describe('withFidelity and withTask', () => {
  it('change what they say and nothing else', () => {
    expect(withFidelity(a1, { inputSize: 64, headFilters: 256 })).toEqual({ ...a1, input: { size: 64 }, head: { filters: 256 } })
    expect(withTask(a1, 'detection', { classes: 3 })).toEqual({ ...a1, task: { name: 'detection', options: { classes: 3 } } })
    expect(() => withFidelity(a1, { inputSize: 8, headFilters: 256 })).toThrow(/input\.size/)
  })
})

describe('architectureHash', () => {
  it('knows an architecture whatever it is called and however its fields are ordered', () => {
    fc.assert(
      fc.property(architectures, (architecture) => {
        const reversed = Object.fromEntries(Object.entries(architecture).reverse()) as typeof architecture
        expect(architectureHash({ ...reversed, name: 'another' })).toBe(architectureHash(architecture))
      }),
    )
  })

  it('changes with every other field', () => {
    const variants = [
      a1,
      { ...a1, input: { size: 192 } },
      { ...a1, padding: 'symmetric' as const },
      { ...a1, activation: 'relu6' as const },
      { ...a1, batchNormEpsilon: 1e-5 },
      { ...a1, stem: { ...a1.stem, filters: 8 } },
      { ...a1, blocks: a1.blocks.slice(1) },
      { ...a1, head: { filters: 256 } },
      withTask(a1, 'classification', { classes: 10 }),
    ]
    expect(new Set(variants.map(architectureHash)).size).toBe(variants.length)
  })
})

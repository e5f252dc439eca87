import { architectureHash, architectureSchema, namedArchitecture, withTask } from '@mnas/core/architecture'
import { costsOf, lower } from '@mnas/core/graph'
import classification from '@mnas/plugin-classification'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { effectiveSkip } from '#internal/space/effective-skip.js'
import mnasnet from '#internal/space/mnasnet-space.js'

const task = { name: 'classification', options: { classes: 10, dropout: 0.2 } }
const spaceAt = (width: number, inputSize = 96) => mnasnet.create({ width, inputSize, task })
const widths = fc.constantFrom(...mnasnet.widths, 0.25, 0.6, 1.3)
const genome = fc.tuple(...spaceAt(1).decisions.map(({ choices }) => fc.nat({ max: choices.length - 1 })))
const macsOf = (architecture: Parameters<typeof lower>[0]) => costsOf(lower(architecture, classification)).macs

describe('the mnasnet space', () => {
  it('has 432 choices in each of 7 blocks', () => {
    const { decisions } = spaceAt(1)
    const perBlock = new Map<string, number>()
    for (const { name, choices } of decisions) {
      const block = name.split('.')[0]!
      perBlock.set(block, (perBlock.get(block) ?? 1) * choices.length)
    }
    expect([...perBlock.values()]).toEqual([432, 432, 432, 432, 432, 432, 432])
  })

  it('gives equal canonical genomes exactly to equal networks', () => {
    fc.assert(
      fc.property(widths, genome, genome, fc.array(fc.nat({ max: 41 }), { maxLength: 42 }), (width, a, other, changed) => {
        const space = spaceAt(width)
        // Genomes that differ in a few decisions are the ones that may still be equal networks.
        const b = a.map((value, index) => (changed.includes(index) ? other[index]! : value))
        const equalGenomes = JSON.stringify(space.canonical(a)) === JSON.stringify(space.canonical(b))
        const equalNetworks = JSON.stringify(space.decode(a)) === JSON.stringify(space.decode(b))
        expect(equalGenomes).toBe(equalNetworks)
        expect(space.decode(space.canonical(a))).toEqual(space.decode(a))
        expect(space.canonical(space.canonical(a))).toEqual(space.canonical(a))
      }),
      { numRuns: 1000 },
    )
  })

  it('calls equal what every single change that does not act comes to', () => {
    fc.assert(
      fc.property(widths, genome, (width, original) => {
        const space = spaceAt(width)
        const row = JSON.stringify(space.decode(original))
        space.decisions.forEach(({ choices }, index) => {
          for (let value = 0; value < choices.length; value++) {
            const changed = original.map((old, position) => (position === index ? value : old))
            const same = JSON.stringify(space.decode(changed)) === row
            expect(JSON.stringify(space.canonical(changed)) === JSON.stringify(space.canonical(original))).toBe(same)
          }
        })
      }),
      { numRuns: 60 },
    )
  })

  it('decodes only valid architectures whose skips are legal, named by their content', () => {
    fc.assert(
      fc.property(widths, genome, (width, genes) => {
        const architecture = spaceAt(width).decode(genes)
        expect(architectureSchema.parse(architecture)).toEqual(architecture)
        expect(architecture.name).toBe(`mnas-${architectureHash(architecture).slice(0, 12)}`)
        expect(architecture.head.filters).toBe(1280)
        let input = architecture.stem.filters
        for (const block of architecture.blocks) {
          expect(effectiveSkip(block, input)).toBe(block.skip)
          if (block.op === 'conv') expect(block.squeezeExcite).toBeUndefined()
          input = block.filters
        }
        lower(architecture, classification)
      }),
      { numRuns: 60 },
    )
  })

  it('finds a decoded genome again, without differences', () => {
    fc.assert(
      fc.property(widths, genome, (width, genes) => {
        const space = spaceAt(width)
        expect(space.encode(space.decode(genes))).toEqual({ genome: space.canonical(genes), differences: [] })
      }),
      { numRuns: 300 },
    )
  })

  it('encodes MnasNet-A1 and says what the grid does not have', () => {
    const a1 = withTask(namedArchitecture('mnasnet-a1'), task.name, task.options)
    const { genome: encoded, differences } = spaceAt(1, 224).encode(a1)
    expect(differences).toEqual(['blocks[4].filters: 112 became 120'])
    const back = spaceAt(1, 224).decode(encoded)
    expect(back.blocks.map(({ repeats }) => repeats)).toEqual(a1.blocks.map(({ repeats }) => repeats))
  })

  it('has a smallest network that no random one undercuts, of the published size', () => {
    const smallest = macsOf(spaceAt(1).decode(spaceAt(1).smallest()))
    expect(smallest / 1e6).toBeCloseTo(8.2, 1)
    fc.assert(
      fc.property(widths, genome, (width, genes) => {
        const space = spaceAt(width)
        expect(macsOf(space.decode(genes))).toBeGreaterThanOrEqual(macsOf(space.decode(space.smallest())))
      }),
      { numRuns: 40 },
    )
  })

  it('refuses a genome of another space', () => {
    expect(() => spaceAt(1).decode([0, 0])).toThrow(expect.objectContaining({ code: 'MNAS_SEARCH_GENOME' }))
    expect(() => spaceAt(1).decode(spaceAt(1).decisions.map(() => 9))).toThrow(
      expect.objectContaining({ code: 'MNAS_SEARCH_GENOME' }),
    )
  })
})

import type { Graph, Tensors } from '@mnas/core/contracts'
import {
  GraphBuilder,
  initializeWeights,
  lowerBackbone,
  type Normalization,
  renormalize,
  withNormalization,
} from '@mnas/core/graph'
import { interpret, randomTensors, tinyArchitecture, withClassifier } from '@mnas/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const own: Normalization = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] }
const common: Normalization = { mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] }
const origin = { block: 'head', layer: 0, role: 'test' } as const
const pixels = { shape: [2, 2, 3], dtype: 'float32', batched: true } as const

/** Pixels of 0 to 255 in one normalisation. */
function normalized(levels: readonly number[], { mean, std }: Normalization, shape: readonly number[]): Tensors {
  const data = Float32Array.from(levels, (level, i) => (level - mean[i % 3]!) / std[i % 3]!)
  return { image: { dtype: 'float32', shape: [1, ...shape], data } }
}

/** A network whose convolutions pad: there the zeros have to be those of the model's own normalisation. */
function network(padding: 'same' | 'symmetric'): Graph {
  return withClassifier(lowerBackbone(tinyArchitecture(padding, 'relu', 17)), 4, 0)
}

describe('withNormalization', () => {
  it.each(['same', 'symmetric'] as const)('gives the same outputs for the same pixels, with %s padding', (padding) => {
    const graph = network(padding)
    const weights = initializeWeights(graph, 3)
    const spec = graph.inputs['image']!
    const random = randomTensors(graph.inputs, { batch: 1, seed: 4 })['image']!.data
    const levels = Array.from(random, (value) => 127.5 + 60 * value)
    const run = (of: Graph, inputs: Tensors) => interpret(of, { inputs, weights, mode: 'inference' }).outputs
    const expected = run(graph, normalized(levels, own, spec.shape))
    const received = run(withNormalization(graph, common, own).graph, normalized(levels, common, spec.shape))
    for (const [name, { data }] of Object.entries(expected))
      for (const [i, value] of data.entries()) expect(received[name]!.data[i]).toBeCloseTo(value, 5)
    const wrong = run(graph, normalized(levels, common, spec.shape))
    expect(Object.entries(expected).some(([name, { data }]) => Math.abs(wrong[name]!.data[0]! - data[0]!) > 1e-3)).toBe(true)
  })

  it('leaves the graph alone where both are the same', () => {
    const graph = network('same')
    const same = withNormalization(graph, own, { ...own })
    expect(same.graph).toBe(graph)
    expect([...same.normalized]).toEqual([])
  })

  it('changes what stands behind pixels alone, outputs too, and takes no name twice', () => {
    const builder = new GraphBuilder()
    builder.input('image', pixels)
    builder.input('row', { shape: [3], dtype: 'float32', batched: true })
    builder.add('abs', { id: 'image.scaled', inputs: ['image'], attributes: {}, origin })
    builder.add('add', { id: 'sum', inputs: ['image.scaled', 'row'], attributes: {}, origin })
    builder.output('sum', 'sum')
    builder.output('itself', 'image')
    const { graph, normalized: nodes } = withNormalization(builder.build(), common, own)
    expect([...nodes]).toEqual([['image', 'image.normalized']])
    const operators = graph.nodes.filter(({ op }) => op !== 'constant').map(({ id, op, inputs }) => [id, op, inputs])
    expect(operators).toEqual([
      ['image.scaled.2', 'multiply', ['image', 'image.scale']],
      ['image.normalized', 'add', ['image.scaled.2', 'image.offset']],
      ['image.scaled', 'abs', ['image.normalized']],
      ['sum', 'add', ['image.scaled', 'row']],
    ])
    expect(graph.outputs).toEqual({ sum: 'sum', itself: 'image.normalized' })
    expect(graph.inputs).toEqual(builder.build().inputs)
  })
})

describe('renormalize', () => {
  const level = fc.integer({ min: 0, max: 255 })
  const triple = (min: number, max: number) => {
    const number = fc.double({ min, max, noNaN: true })
    return fc.tuple(number, number, number)
  }
  const normalization: fc.Arbitrary<Normalization> = fc.record({ mean: triple(0, 255), std: triple(1, 255) })

  it('brings pixels from any normalisation to any other, as the pixels themselves say', () => {
    fc.assert(
      fc.property(fc.array(level, { minLength: 12, maxLength: 12 }), normalization, normalization, (levels, from, to) => {
        const received = renormalize(normalized(levels, from, pixels.shape), from, to)['image']!.data
        const expected = normalized(levels, to, pixels.shape)['image']!.data
        // A float32 holds a normalised level to 2^-24 of it, here up to 255, seen through another deviation.
        const tolerance = (255 * Math.max(...from.std) * 2 ** -22) / Math.min(...to.std) + 1e-3
        for (const [i, value] of expected.entries()) expect(Math.abs(received[i]! - value)).toBeLessThan(tolerance)
      }),
    )
  })

  it('leaves what holds no pixels, and everything where both are the same', () => {
    const row = { dtype: 'float32', shape: [1, 3], data: Float32Array.of(1, 2, 3) } as const
    const inputs = { ...normalized(Array(12).fill(7), own, pixels.shape), row }
    expect(renormalize(inputs, own, common)['row']).toBe(row)
    expect(renormalize(inputs, own, { ...own })).toBe(inputs)
  })
})

import { readFileSync } from 'node:fs'
import type { Graph } from '@mnas/core/contracts'
import { foldBatchNorm, GraphBuilder, graphLayers } from '@mnas/core/graph'
import { interpret, randomTensors } from '@mnas/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { windowPadding } from '#internal/lowering/window-padding.js'
import { exported, image, noPadding, origin, smallModel, weightsOf, withOutputs } from './support/models.js'
import { readTflite } from './support/read-tflite.js'

const opsOf = async (graph: Graph) => {
  const { path } = await exported(graph)
  return readTflite(readFileSync(path)).operators.map(({ op }) => op)
}

describe('batch norm', () => {
  it('is folded into a dense layer exactly, in float64', () => {
    const builder = new GraphBuilder()
    builder.input('x', image(6))
    builder.add('dense', { id: 'dense', inputs: ['x'], attributes: { units: 4, bias: true }, origin })
    builder.add('batchNorm', { id: 'norm', inputs: ['dense'], attributes: { epsilon: 1e-3 }, origin })
    builder.output('y', 'norm')
    const graph = builder.build()
    const weights = weightsOf(graph)
    const [layer, ...rest] = foldBatchNorm(graphLayers(graph, weights)).layers
    expect(rest).toEqual([])
    expect(layer).toMatchObject({ id: 'norm', inputs: ['x'] })
    const inputs = randomTensors(graph.inputs, { batch: 1, seed: 3 })
    const expected = interpret(graph, { inputs, weights, mode: 'inference' }).outputs['y']!.data
    const { kernel, bias } = layer!.parameters
    const x = Array.from(inputs['x']!.data)
    const folded = Float64Array.from(bias!, (b, o) => x.reduce((sum, value, i) => sum + value * kernel![o * 6 + i]!, b))
    for (const [o, value] of expected.entries()) expect(folded[o]).toBeCloseTo(value, 12)
  })

  it('stays MUL and ADD where the layer before is read twice, is an output, or is not linear', async () => {
    const folded = ['CONV_2D', 'MEAN', 'FULLY_CONNECTED']
    expect(await opsOf(smallModel())).toEqual(folded)
    const tapped = withOutputs(smallModel(), { logits: 'logits', conv: 'conv' })
    expect(await opsOf(tapped)).toEqual(['CONV_2D', 'MUL', 'ADD', 'MEAN', 'FULLY_CONNECTED'])
    const builder = new GraphBuilder()
    builder.input('x', image(6))
    builder.add('batchNorm', { id: 'norm', inputs: ['x'], attributes: { epsilon: 1e-3 }, origin })
    builder.add('relu6', { id: 'active', inputs: ['norm'], attributes: {}, origin })
    builder.output('y', 'active')
    expect(await opsOf(builder.build())).toEqual(['MUL', 'ADD'])
  })
})

describe('activations', () => {
  it('are not fused where the value before them is needed too', async () => {
    const builder = new GraphBuilder()
    builder.input('x', image(4, 4, 3))
    const attributes = { ...noPadding, kernel: [1, 1], filters: 2, bias: true } as const
    builder.add('conv2d', { id: 'conv', inputs: ['x'], attributes, origin })
    builder.add('relu', { id: 'active', inputs: ['conv'], attributes: {}, origin })
    builder.add('add', { id: 'sum', inputs: ['conv', 'active'], attributes: {}, origin })
    builder.output('y', 'sum')
    expect(await opsOf(builder.build())).toEqual(['CONV_2D', 'RELU', 'ADD'])
  })

  it('behind an activation stay apart', async () => {
    const builder = new GraphBuilder()
    builder.input('x', image(4))
    builder.add('dense', { id: 'dense', inputs: ['x'], attributes: { units: 4, bias: false }, origin })
    builder.add('relu', { id: 'first', inputs: ['dense'], attributes: {}, origin })
    builder.add('relu6', { id: 'second', inputs: ['first'], attributes: {}, origin })
    builder.output('y', 'second')
    const { path } = await exported(builder.build())
    const { operators } = readTflite(readFileSync(path))
    expect(operators.map(({ op, version }) => [op, version])).toEqual([
      ['FULLY_CONNECTED', 6],
      ['RELU6', 1],
    ])
  })
})

describe('nodes', () => {
  it('that no output needs are left out, and identities with them', async () => {
    const builder = new GraphBuilder()
    builder.input('x', image(4))
    builder.add('dropout', { id: 'dropped', inputs: ['x'], attributes: { rate: 0.5 }, origin })
    builder.add('stopGradient', { id: 'stopped', inputs: ['dropped'], attributes: {}, origin })
    builder.add('abs', { id: 'used', inputs: ['stopped'], attributes: {}, origin })
    builder.add('rank', { id: 'unused', inputs: ['x'], attributes: {}, origin })
    builder.output('y', 'used')
    expect(await opsOf(builder.build())).toEqual(['ABS'])
  })

  it('get padding of their own only where neither SAME nor VALID gives it', async () => {
    const conv = (size: number, padding: readonly [number, number, number, number]) => {
      const builder = new GraphBuilder()
      builder.input('x', image(size, size, 1))
      const attributes = { kernel: [3, 3], strides: [2, 2], padding, filters: 1, bias: false } as const
      builder.add('conv2d', { id: 'conv', inputs: ['x'], attributes, origin })
      builder.output('y', 'conv')
      return opsOf(builder.build())
    }
    expect(await conv(8, [0, 1, 0, 1])).toEqual(['CONV_2D'])
    expect(await conv(8, [1, 1, 1, 1])).toEqual(['PAD', 'CONV_2D'])
    expect(await conv(7, [1, 1, 1, 1])).toEqual(['CONV_2D'])
    expect(await conv(7, [0, 0, 0, 0])).toEqual(['CONV_2D'])
  })

  it('may have any ids: no tensor of our own takes their names', async () => {
    const builder = new GraphBuilder()
    builder.input('x', image(4))
    const attributes = { units: 4, bias: true }
    builder.add('dense', { id: 'a', inputs: ['x'], attributes, origin })
    builder.add('dense', { id: 'a.kernel', inputs: ['a'], attributes, origin })
    builder.output('y', 'a.kernel')
    const { path } = await exported(builder.build())
    const { tensors, operators } = readTflite(readFileSync(path))
    expect(operators.map(({ outputs }) => tensors[outputs[0]!]!.name)).toEqual(['a', 'a.kernel'])
    expect(new Set(tensors.map(({ name }) => name)).size).toBe(tensors.length)
  })
})

describe('padding as numbers', () => {
  const axis = fc.record({
    input: fc.integer({ min: 1, max: 20 }),
    kernel: fc.integer({ min: 1, max: 7 }),
    stride: fc.integer({ min: 1, max: 3 }),
    before: fc.integer({ min: 0, max: 6 }),
    after: fc.integer({ min: 0, max: 6 }),
  })

  /** First input pixel of each window, negative = padding: what a scheme must give alike. */
  const starts = (output: number, stride: number, before: number) => Array.from({ length: output }, (_, o) => o * stride - before)

  it('is called SAME or VALID only where that reads the very same pixels', () => {
    fc.assert(
      fc.property(axis, (a) => {
        const length = a.input + a.before + a.after - a.kernel
        fc.pre(length >= 0)
        const output = Math.floor(length / a.stride) + 1
        const window = {
          kernel: [a.kernel, 1],
          strides: [a.stride, 1],
          padding: [a.before, a.after, 0, 0],
        } as const
        const { scheme } = windowPadding(window, [a.input, 5, 1], [output, 5, 1])
        const ours = starts(output, a.stride, a.before)
        const sameOutput = Math.ceil(a.input / a.stride)
        const total = Math.max((sameOutput - 1) * a.stride + a.kernel - a.input, 0)
        const same = starts(sameOutput, a.stride, Math.floor(total / 2))
        const valid = starts(Math.max(0, Math.floor((a.input - a.kernel) / a.stride) + 1), a.stride, 0)
        const expected = [same, valid].findIndex((theirs) => theirs.join() === ours.join())
        expect(scheme).toBe(['same', 'valid', 'explicit'].at(expected))
      }),
    )
  })
})

import { namedArchitecture, scaleArchitecture } from '@mnas/core/architecture'
import type { Graph, Initializers, Tensor, Tensors } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import { GraphBuilder, graphHash, initializeWeights, lowerBackbone, parametersOf } from '@mnas/core/graph'
import { describe, expect, it } from 'vitest'

const small = lowerBackbone(namedArchitecture('mnasnet-small'))
const origin = { block: 'head', layer: 0, role: 'test' } as const
const parameter = (name: string) => parametersOf(small).find((candidate) => candidate.name === name)

const kernel = { kind: 'truncatedNormal', stddev: 0.03 } as const
const bias = { kind: 'constant', value: -4.6 } as const

/** A detector's predictor: a convolution of 1×1 over 100 channels with 100 outputs. */
function predictor(initializers: Initializers<'kernel' | 'bias'>): Graph {
  const builder = new GraphBuilder()
  builder.input('x', { shape: [2, 2, 100], dtype: 'float32', batched: true })
  const window = { kernel: [1, 1], strides: [1, 1], padding: [0, 0, 0, 0] } as const
  const attributes = { ...window, filters: 100, bias: true }
  builder.output('logits', builder.add('conv2d', { id: 'logits', inputs: ['x'], attributes, origin, initializers }))
  return builder.build()
}

describe('parametersOf', () => {
  it('initialises as the authors do, by fan-out', () => {
    expect(parameter('block4_1_squeeze_reduce.kernel')).toMatchObject({
      shape: [4, 96, 1, 1],
      initializer: { kind: 'normal', stddev: Math.sqrt(2 / 4) },
      decayed: true,
      statistic: false,
    })
    expect(parameter('block4_1_squeeze_reduce.bias')).toMatchObject({ shape: [4], initializer: { kind: 'zeros' }, decayed: true })
    expect(parameter('block4_1_depthwise.kernel')).toMatchObject({
      shape: [96, 1, 5, 5],
      initializer: { kind: 'normal', stddev: Math.sqrt(2 / 25) },
    })
    expect(parameter('stem_conv.kernel')).toMatchObject({
      shape: [8, 3, 3, 3],
      initializer: { kind: 'normal', stddev: Math.sqrt(2 / 72) },
    })
    expect(parameter('stem_conv.bias')).toBeUndefined()
  })

  it('decays neither scale nor shift, and keeps statistics apart', () => {
    const norm = parametersOf(small).filter(({ node }) => node === 'stem_conv_bn')
    expect(norm.map(({ name, initializer, decayed, statistic }) => [name, initializer.kind, decayed, statistic])).toEqual([
      ['stem_conv_bn.gamma', 'ones', false, false],
      ['stem_conv_bn.beta', 'zeros', false, false],
      ['stem_conv_bn.movingMean', 'zeros', false, true],
      ['stem_conv_bn.movingVariance', 'ones', false, true],
    ])
  })

  it('writes dense kernels [out, in], uniform by the outputs', () => {
    const builder = new GraphBuilder()
    builder.input('x', { shape: [3], dtype: 'float32', batched: true })
    builder.add('dense', { id: 'logits', inputs: ['x'], attributes: { units: 4, bias: true }, origin })
    const [kernel, bias] = parametersOf(builder.build())
    expect(kernel).toMatchObject({
      name: 'logits.kernel',
      shape: [4, 3],
      initializer: { kind: 'uniform', limit: 1 / Math.sqrt(4) },
    })
    expect(bias).toMatchObject({ name: 'logits.bias', shape: [4], initializer: { kind: 'zeros' } })
  })

  it('starts a parameter as its node says, whatever is built from the graph', () => {
    const again = GraphBuilder.from(predictor({ kernel, bias }))
    again.output('logits', 'logits')
    for (const graph of [predictor({ kernel, bias }), again.build()]) {
      expect(parametersOf(graph).map(({ initializer }) => initializer)).toEqual([kernel, bias])
    }
    const [first, second] = parametersOf(predictor({ bias }))
    expect([first!.initializer.kind, second!.initializer]).toEqual(['normal', bias])
  })

  it('refuses an initializer of a parameter that the node does not have', () => {
    const refused = (add: (builder: GraphBuilder) => void) => {
      const builder = new GraphBuilder()
      builder.input('x', { shape: [2, 2, 3], dtype: 'float32', batched: true })
      expect(() => add(builder)).toThrow(expect.objectContaining({ code: 'MNAS_GRAPH_INITIALIZER' }))
    }
    const common = { id: 'y', inputs: ['x'], origin }
    refused((builder) => builder.add('dense', { ...common, attributes: { units: 2, bias: false }, initializers: { bias } }))
    refused((builder) => builder.add('relu', { ...common, attributes: {}, initializers: { kernel } as never }))
  })
})

describe('initializeWeights', () => {
  const weights = initializeWeights(small, 7)

  it('fills every parameter by its initializer', () => {
    expect(Object.keys(weights)).toEqual(parametersOf(small).map(({ name }) => name))
    for (const { name, shape, initializer } of parametersOf(small)) {
      const { data } = weights[name]!
      expect(data.length, name).toBe(shape.reduce((a, b) => a * b, 1))
      if (initializer.kind === 'zeros' || initializer.kind === 'ones') {
        expect(new Set(data), name).toEqual(new Set([initializer.kind === 'ones' ? 1 : 0]))
      }
    }
    const kernel = weights['head_conv.kernel']!.data as Float32Array
    const mean = kernel.reduce((a, b) => a + b, 0) / kernel.length
    const deviation = Math.sqrt(kernel.reduce((a, b) => a + (b - mean) ** 2, 0) / kernel.length)
    const wanted = Math.sqrt(2 / 1280)
    // 184,320 draws: the standard error of the mean is σ/429, that of the deviation σ/607.
    expect(Math.abs(mean) / wanted).toBeLessThan(0.015)
    expect(Math.abs(deviation / wanted - 1)).toBeLessThan(0.01)
  })

  it('stays inside the limits of a uniform initializer and uses their whole width', () => {
    const builder = new GraphBuilder()
    builder.input('x', { shape: [3], dtype: 'float32', batched: true })
    builder.add('dense', { id: 'logits', inputs: ['x'], attributes: { units: 10000, bias: false }, origin })
    const data = initializeWeights(builder.build(), 1)['logits.kernel']!.data as Float32Array
    expect(Math.max(...data)).toBeLessThanOrEqual(0.01)
    expect(Math.max(...data)).toBeGreaterThan(0.0099)
    expect(Math.min(...data)).toBeLessThan(-0.0099)
  })

  it('draws a truncated normal: nothing beyond two deviations, TensorFlow’s spread inside', () => {
    const { 'logits.kernel': drawn, 'logits.bias': filled } = initializeWeights(predictor({ kernel, bias }), 5)
    const values = Array.from(drawn!.data)
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.06)
    expect(Math.max(...values)).toBeGreaterThan(0.059)
    // The deviation of a normal cut at ±2 is .8796; 10,000 draws: its standard error is .6 %.
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
    expect(Math.abs(deviation / (0.8796 * 0.03) - 1)).toBeLessThan(0.02)
    expect(new Set(filled!.data)).toEqual(new Set([Math.fround(-4.6)]))
  })

  it('depends on seed and name alone', () => {
    expect(digests(initializeWeights(small, 7))).toEqual(digests(weights))
    const reseeded = digests(initializeWeights(small, 8))
    expect(reseeded['stem_conv.kernel']).not.toBe(digests(weights)['stem_conv.kernel'])
    // Parameters of the same shape differ.
    expect(digests(weights)['block4_2_project.kernel']).not.toBe(digests(weights)['block4_3_project.kernel'])
    // Another input size, and a graph that has only some of the nodes, give the same values.
    const architecture = namedArchitecture('mnasnet-small')
    const other = lowerBackbone(scaleArchitecture(architecture, { inputSize: 96 }))
    expect(digests(initializeWeights(other, 7))).toEqual(digests(weights))
    const shorter = initializeWeights(lowerBackbone({ ...architecture, blocks: architecture.blocks.slice(0, 4) }), 7)
    expect(digests(shorter)['block4_1_expand.kernel']).toBe(digests(weights)['block4_1_expand.kernel'])
  })
})

describe('graphHash', () => {
  it('does not see how parameters start', () => {
    expect(graphHash(predictor({ kernel, bias }))).toBe(graphHash(predictor({})))
  })
})

/** sha256 of each tensor's bytes: comparing millions of numbers one by one takes seconds. */
function digests(tensors: Tensors): Readonly<Record<string, string>> {
  const digest = ({ data }: Tensor) => hashBytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, digest(tensor)]))
}

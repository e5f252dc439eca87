import { namedArchitecture, scaleArchitecture } from '@mnas/core/architecture'
import type { Tensor, Tensors } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import { GraphBuilder, initializeWeights, lowerBackbone, parametersOf } from '@mnas/core/graph'
import { describe, expect, it } from 'vitest'

const small = lowerBackbone(namedArchitecture('mnasnet-small'))
const origin = { block: 'head', layer: 0, role: 'test' } as const
const parameter = (name: string) => parametersOf(small).find((candidate) => candidate.name === name)

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
      initializer: { kind: 'uniform', limit: 1 / Math.sqrt(1000) },
    })
    expect(bias).toMatchObject({ name: 'logits.bias', shape: [4], initializer: { kind: 'zeros' } })
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

/** sha256 of each tensor's bytes: comparing millions of numbers one by one takes seconds. */
function digests(tensors: Tensors): Readonly<Record<string, string>> {
  const digest = ({ data }: Tensor) => hashBytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, digest(tensor)]))
}

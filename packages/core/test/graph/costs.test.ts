import { namedArchitecture } from '@mnas/core/architecture'
import type { Graph, TensorSpec } from '@mnas/core/contracts'
import { costsOf, GraphBuilder, graphHash, lowerBackbone } from '@mnas/core/graph'
import { describe, expect, it } from 'vitest'

const image: TensorSpec = { shape: [4, 4, 3], dtype: 'float32', batched: true }
const origin = (role: string) => ({ block: 'head', layer: 0, role }) as const

/** 4×4×3 → conv 3×3 to 8 → BN → relu, plus the conv's value again → depthwise → pool → dense to 2. */
function network(prefix = '', role = 'test'): Graph {
  const builder = new GraphBuilder()
  builder.input('image', image)
  const window = { kernel: [3, 3], strides: [1, 1], padding: [1, 1, 1, 1] } as const
  const common = (id: string, ...inputs: string[]) => ({ id: `${prefix}${id}`, inputs, origin: origin(role) })
  const conv = builder.add('conv2d', { ...common('conv', 'image'), attributes: { ...window, filters: 8, bias: true } })
  const norm = builder.add('batchNorm', { ...common('norm', conv), attributes: { epsilon: 1e-3 } })
  const active = builder.add('relu', { ...common('active', norm), attributes: {} })
  const sum = builder.add('add', { ...common('sum', active, conv), attributes: {} })
  const depthwise = builder.add('depthwiseConv2d', { ...common('depthwise', sum), attributes: { ...window, bias: false } })
  const pool = builder.add('globalAveragePool', { ...common('pool', depthwise), attributes: { keepDims: false } })
  builder.output('y', builder.add('dense', { ...common('dense', pool), attributes: { units: 2, bias: true } }))
  return builder.build()
}

describe('costsOf', () => {
  it('counts by hand', () => {
    const costs = costsOf(network())
    // conv 3·3·3·8 + 8, BN 2·8 (statistics are not trained), depthwise 3·3·8, dense 8·2 + 2
    expect(costs.parameters).toBe(224 + 16 + 72 + 18)
    expect(costs.macs).toBe(16 * 27 * 8 + 16 * 9 * 8 + 8 * 2)
    // Most at once: conv, norm and active, 16·8 values each.
    expect(costs.peakMemoryBytes).toBe(4 * 3 * 128)
  })

  it('keeps outputs and what is read late alive', () => {
    const graph = network()
    const tapped = { ...graph, outputs: { ...graph.outputs, early: 'norm' } }
    expect(costsOf(tapped).peakMemoryBytes).toBe(4 * 4 * 128)
  })

  it('counts the input', () => {
    const builder = new GraphBuilder()
    builder.input('image', image)
    builder.output(
      'y',
      builder.add('globalAveragePool', {
        id: 'pool',
        inputs: ['image'],
        attributes: { keepDims: false },
        origin: origin('pool'),
      }),
    )
    expect(costsOf(builder.build())).toEqual({ parameters: 0, macs: 0, peakMemoryBytes: 4 * (48 + 3) })
  })
})

describe('graphHash', () => {
  it('does not see names of nodes and where they come from', () => {
    expect(graphHash(network('other_', 'another'))).toBe(graphHash(network()))
  })

  it('sees everything that changes the computation', () => {
    const graph = network()
    const changed = (index: number, change: object) =>
      ({ ...graph, nodes: graph.nodes.map((node, i) => (i === index ? { ...node, ...change } : node)) }) as Graph
    const variants = [
      graph,
      changed(1, { attributes: { epsilon: 1e-5 } }),
      changed(2, { op: 'relu6' }),
      changed(3, { inputs: ['conv', 'active'] }),
      { ...graph, outputs: { z: graph.outputs['y']! } },
      { ...graph, outputs: { y: 'pool' } },
      { ...graph, inputs: { image: { ...image, dtype: 'uint8' as const } } },
    ]
    expect(new Set(variants.map(graphHash)).size).toBe(variants.length)
  })

  it('tells apart the published networks, and equal ones of other spelling not', () => {
    const a1 = namedArchitecture('mnasnet-a1')
    const spelled = a1.blocks.map((block) =>
      block.op === 'separable' ? { ...block, op: 'mbconv' as const, expansion: 1 } : block,
    )
    expect(graphHash(lowerBackbone({ ...a1, blocks: spelled }))).toBe(graphHash(lowerBackbone(a1)))
    expect(graphHash(lowerBackbone(namedArchitecture('mnasnet-b1')))).not.toBe(graphHash(lowerBackbone(a1)))
  })
})

import { type Architecture, namedArchitecture } from '@mnas/core/architecture'
import { GraphBuilder, initializeWeights, LayerWriter, lowerBackbone, taps } from '@mnas/core/graph'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { architectures } from '../architecture/random-architecture.js'

const of = (architecture: Architecture) =>
  taps(lowerBackbone(architecture)).map(({ stride, channels, id, role }) => [stride, channels, id, role])
const expanded = (block: number) => [`block${block}_1_expand_relu`, 'expand_relu']

describe('taps', () => {
  it.each([
    ['mnasnet-a1', [96, 72, 240, 672]],
    ['mnasnet-b1', [48, 72, 240, 576]],
    ['mobilenet-v2', [96, 144, 192, 576]],
  ])('of %s are the expansions in front of each stride, and the features', (name, [two, four, eight, sixteen]) => {
    expect(of(namedArchitecture(name))).toEqual([
      [2, two, ...expanded(2)],
      [4, four, ...expanded(3)],
      [8, eight, ...expanded(4)],
      [16, sixteen, ...expanded(6)],
      [32, 1280, 'head_conv_relu', 'conv_relu'],
    ])
  })

  it('are what a row reads that strides without an expansion', () => {
    const { blocks, ...rest } = namedArchitecture('mnasnet-a1')
    const row = (change: Partial<Architecture['blocks'][number]>) => {
      const { expansion: _, squeezeExcite: __, ...sixth } = blocks[5]!
      const changed = [...blocks.slice(0, 5), { ...sixth, ...change }, ...blocks.slice(6)]
      return of({ ...rest, blocks: changed })[3]
    }
    const projected = [16, 112, 'block5_2_add', 'add']
    expect(row({ op: 'separable' })).toEqual(projected)
    expect(row({ op: 'conv' })).toEqual(projected)
    expect(row({ op: 'mbconv', expansion: 1 })).toEqual(projected)
  })

  it('end where a network stops striding', () => {
    const architecture = namedArchitecture('mnasnet-a1')
    expect(of({ ...architecture, blocks: architecture.blocks.slice(0, 5) }).map(([stride]) => stride)).toEqual([2, 4, 8, 16])
  })

  it('are maps of every stride of any architecture, each once, ending in the features', () => {
    fc.assert(
      fc.property(architectures, (architecture) => {
        const graph = lowerBackbone(architecture)
        const found = taps(graph)
        const steps = [architecture.stem, ...architecture.blocks].filter(({ stride }) => stride === 2).length
        expect(found.at(-1)).toMatchObject({ id: graph.outputs['features'], stride: 2 ** steps })
        for (const { stride, channels, id } of found) {
          const side = [...Array(Math.log2(stride)).keys()].reduce((length) => Math.ceil(length / 2), architecture.input.size)
          expect(graph.nodes.find((node) => node.id === id)!.shape).toEqual([side, side, channels])
        }
        expect(new Set(found.map(({ stride }) => stride)).size).toBe(found.length)
      }),
    )
  })
})

describe('LayerWriter', () => {
  const style = { padding: 'same', activation: 'relu6', batchNormEpsilon: 1e-3 } as const

  it('writes the layers of a head, with ids of their own', () => {
    const backbone = lowerBackbone(namedArchitecture('mnasnet-small'))
    const builder = GraphBuilder.from(backbone)
    let last = backbone.outputs['features']!
    for (const layer of [1, 2]) {
      const writer = new LayerWriter(builder, style, { prefix: `extra${layer}`, block: 'head', layer })
      last = writer.activatedConv('squeeze', last, 1, 1, 16)
      last = writer.activation('depthwise', writer.depthwise('depthwise', last, 3, 2))
    }
    const predictor = new LayerWriter(builder, style, { prefix: 'boxes', block: 'head', layer: 3 })
    const attributes = { ...predictor.window(last, 3, 1), filters: 8, bias: true }
    const kernel = { kind: 'truncatedNormal', stddev: 0.03 } as const
    builder.output('boxes', predictor.node('conv2d', 'conv', [last], attributes, { kernel }))
    const graph = builder.build()
    const added = graph.nodes.slice(backbone.nodes.length)
    expect(added.map(({ id }) => id)).toEqual([
      ...['extra1_squeeze', 'extra1_squeeze_bn', 'extra1_squeeze_relu'],
      ...['extra1_depthwise', 'extra1_depthwise_bn', 'extra1_depthwise_relu'],
      ...['extra2_squeeze', 'extra2_squeeze_bn', 'extra2_squeeze_relu'],
      ...['extra2_depthwise', 'extra2_depthwise_bn', 'extra2_depthwise_relu'],
      'boxes_conv',
    ])
    expect(added.at(-1)).toMatchObject({ shape: [2, 2, 8], origin: { block: 'head', layer: 3, role: 'conv' } })
    expect(added[2]!.op).toBe('relu6')
    const weights = initializeWeights(graph, 1)['boxes_conv.kernel']!.data
    expect(Math.max(...Array.from(weights, Math.abs))).toBeLessThanOrEqual(0.06)
  })
})

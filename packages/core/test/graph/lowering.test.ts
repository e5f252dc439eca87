import { type Architecture, namedArchitecture, parseArchitecture, resolutionsOf } from '@mnas/core/architecture'
import type { Graph, GraphNode } from '@mnas/core/contracts'
import { inferSpec, lowerBackbone, paddingOf } from '@mnas/core/graph'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { architectures } from '../architecture/random-architecture.js'

const a1 = lowerBackbone(namedArchitecture('mnasnet-a1'))
const node = (graph: Graph, id: string): GraphNode => graph.nodes.find((candidate) => candidate.id === id)!
const ids = (graph: Graph, prefix: string) => graph.nodes.map(({ id }) => id).filter((id) => id.startsWith(prefix))

/** One row behind a stem of 8 filters that keeps 32 px. */
function oneRow(row: Partial<Architecture['blocks'][number]>, padding: Architecture['padding'] = 'same', size = 32): Graph {
  return lowerBackbone(
    parseArchitecture({
      version: 1,
      name: 'row',
      input: { size },
      padding,
      activation: 'relu',
      batchNormEpsilon: 1e-3,
      stem: { filters: 8, kernel: 3, stride: 1 },
      blocks: [{ op: 'separable', repeats: 1, kernel: 3, stride: 1, filters: 8, skip: 'none', ...row }],
      head: { filters: 16 },
      task: { name: 'classification', options: {} },
    }),
  )
}

describe('paddingOf', () => {
  it.each([
    ['same', 224, 3, 2, [0, 1]],
    ['same', 225, 3, 2, [1, 1]],
    ['same', 112, 3, 1, [1, 1]],
    ['same', 56, 5, 2, [1, 2]],
    ['same', 7, 2, 2, [0, 1]],
    ['same', 8, 1, 2, [0, 0]],
    ['symmetric', 224, 3, 2, [1, 1]],
    ['symmetric', 7, 5, 1, [2, 2]],
  ] as const)('%s %i px, kernel %i, stride %i = %j', (kind, size, kernel, stride, expected) => {
    expect(paddingOf(kind, size, size, kernel, stride)).toEqual([...expected, ...expected])
  })

  it('gives ⌈in/s⌉ pixels, and `same` with no more padding than that takes', () => {
    const side = fc.integer({ min: 1, max: 300 })
    const kernels = fc.constantFrom(1, 3, 5, 7)
    fc.assert(
      fc.property(
        fc.constantFrom('same', 'symmetric'),
        side,
        side,
        kernels,
        fc.integer({ min: 1, max: 3 }),
        (kind, h, w, k, s) => {
          const [top, bottom, left, right] = paddingOf(kind, h, w, k, s)
          const output = (length: number, padding: number) => Math.floor((length + padding - k) / s) + 1
          expect([output(h, top + bottom), output(w, left + right)]).toEqual([Math.ceil(h / s), Math.ceil(w / s)])
          if (kind === 'symmetric') return
          expect(bottom - top === 0 || bottom - top === 1).toBe(true)
          if (top + bottom > 0) expect(output(h, top + bottom - 1)).toBeLessThan(Math.ceil(h / s))
        },
      ),
    )
  })
})

describe('lowerBackbone', () => {
  it('names nodes by their place in the table', () => {
    expect(ids(a1, 'stem')).toEqual(['stem_conv', 'stem_conv_bn', 'stem_conv_relu'])
    expect(ids(a1, 'block1_')).toEqual([
      'block1_1_depthwise',
      'block1_1_depthwise_bn',
      'block1_1_depthwise_relu',
      'block1_1_project',
      'block1_1_project_bn',
    ])
    expect(ids(a1, 'block3_2_')).toEqual([
      'block3_2_expand',
      'block3_2_expand_bn',
      'block3_2_expand_relu',
      'block3_2_depthwise',
      'block3_2_depthwise_bn',
      'block3_2_depthwise_relu',
      'block3_2_squeeze_pool',
      'block3_2_squeeze_reduce',
      'block3_2_squeeze_relu',
      'block3_2_squeeze_expand',
      'block3_2_squeeze_sigmoid',
      'block3_2_squeeze_scale',
      'block3_2_project',
      'block3_2_project_bn',
      'block3_2_add',
    ])
    expect(node(a1, 'block3_2_expand').origin).toEqual({ block: 3, layer: 2, role: 'expand' })
    expect(node(a1, 'head_conv_bn').origin).toEqual({ block: 'head', layer: 0, role: 'conv_bn' })
    expect(a1.outputs).toEqual({ features: 'head_conv_relu' })
  })

  it('squeezes to a quarter of the layer’s input filters', () => {
    expect(node(a1, 'block3_1_squeeze_reduce').attributes).toMatchObject({ filters: 6, bias: true, kernel: [1, 1] })
    expect(node(a1, 'block3_2_squeeze_reduce').attributes).toMatchObject({ filters: 10 })
    expect(node(a1, 'block3_2_squeeze_expand').attributes).toMatchObject({ filters: 120, bias: true })
    expect(node(oneRow({ squeezeExcite: 0.05 }), 'block1_1_squeeze_reduce').attributes).toMatchObject({ filters: 1 })
  })

  it('adds a skip where it is legal and only there', () => {
    const adds = a1.nodes.filter(({ op }) => op === 'add').map(({ id }) => id)
    const layers = ['2_2', '3_2', '3_3', '4_2', '4_3', '4_4', '5_2', '6_2', '6_3']
    expect(adds).toEqual(layers.map((layer) => `block${layer}_add`))
    expect(node(a1, 'block2_2_add').inputs).toEqual(['block2_2_project_bn', 'block2_1_project_bn'])
    expect(ids(oneRow({ skip: 'identity' }), 'block1_1_add')).toHaveLength(1)
    expect(ids(oneRow({ skip: 'identity', stride: 2 }), 'block1_1_add')).toHaveLength(0)
    expect(ids(oneRow({ skip: 'identity', filters: 9 }), 'block1_1_add')).toHaveLength(0)
    expect(ids(oneRow({ skip: 'none' }), 'block1_1_add')).toHaveLength(0)
    expect(ids(oneRow({ skip: 'pool', filters: 9 }), 'block1_1_skip')).toHaveLength(0)
  })

  it.each(['same', 'symmetric'] as const)('pools a skip to the layer’s own size, %s padding', (padding) => {
    const still = node(oneRow({ skip: 'pool' }, padding), 'block1_1_skip_pool')
    expect(still.attributes).toEqual({ kernel: [3, 3], strides: [1, 1], padding: [1, 1, 1, 1] })
    const strided = node(oneRow({ skip: 'pool', stride: 2 }, padding, 33), 'block1_1_skip_pool')
    expect(strided.attributes).toEqual({ kernel: [2, 2], strides: [2, 2], padding: [0, 1, 0, 1] })
    expect(strided.shape).toEqual([17, 17, 8])
  })

  it('activates a plain convolution and leaves a projection linear', () => {
    expect(ids(oneRow({ op: 'conv' }), 'block1_')).toEqual(['block1_1_conv', 'block1_1_conv_bn', 'block1_1_conv_relu'])
    const input = node(oneRow({}), 'head_conv').inputs
    expect(input).toEqual(['block1_1_project_bn'])
  })

  it('expands by nothing at an expansion of 1, as a separable row', () => {
    const { nodes } = oneRow({ op: 'mbconv', expansion: 1 })
    expect(nodes).toEqual(oneRow({ op: 'separable' }).nodes)
  })

  it('keeps the 1×1 convolution at an expansion of 1 where the row says so', () => {
    const graph = oneRow({ op: 'mbconv', expansion: 1, expansionConvolution: true })
    expect(ids(graph, 'block1_1_expand')).toEqual(['block1_1_expand', 'block1_1_expand_bn', 'block1_1_expand_relu'])
    expect(node(graph, 'block1_1_depthwise').inputs).toEqual(['block1_1_expand_relu'])
  })

  it('uses the architecture’s activation and epsilon', () => {
    const graph = lowerBackbone({ ...namedArchitecture('mobilenet-v2'), batchNormEpsilon: 1e-5 })
    expect(graph.nodes.some(({ op }) => op === 'relu')).toBe(false)
    expect(node(graph, 'stem_conv_relu').op).toBe('relu6')
    expect(node(graph, 'stem_conv_bn').attributes).toEqual({ epsilon: 1e-5 })
  })

  it('gives consistent shapes for every valid architecture', () => {
    fc.assert(
      fc.property(architectures, (architecture) => {
        const graph = lowerBackbone(architecture)
        const specs = new Map(Object.entries(graph.inputs))
        for (const { id, op, attributes, inputs, shape, dtype, batched } of graph.nodes) {
          const spec = { shape, dtype, batched }
          const operands = inputs.map((input) => specs.get(input)!)
          expect(inferSpec(op, attributes, operands)).toEqual(spec)
          if (op === 'add') expect(operands[0]).toEqual(operands[1])
          specs.set(id, spec)
        }
        expect(specs.size).toBe(graph.nodes.length + 1)
        const sizes = resolutionsOf(architecture)
        for (const [index, { filters }] of [architecture.stem, ...architecture.blocks].entries()) {
          const last = graph.nodes.findLast(({ origin }) => origin.block === (index === 0 ? 'stem' : index))!
          expect(last.shape).toEqual([sizes[index]!.output, sizes[index]!.output, filters])
        }
        const { output } = sizes.at(-1)!
        expect(specs.get(graph.outputs['features']!)?.shape).toEqual([output, output, architecture.head.filters])
      }),
    )
  })
})

import type { Op, OpAttributes, TensorSpec } from '@mnas/core/contracts'
import { GraphBuilder, graphErrors, inferSpec } from '@mnas/core/graph'
import { describe, expect, it } from 'vitest'

const batched = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32', batched: true })
const single = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32', batched: false })
const window = { kernel: [3, 5], strides: [2, 1], padding: [0, 1, 2, 2] } as const
const square = { kernel: [3, 3], strides: [1, 1], padding: [0, 0, 0, 0] } as const

interface Case<K extends Op = Op> {
  readonly op: K
  readonly attributes: OpAttributes[K]
  readonly inputs: readonly TensorSpec[]
  readonly output: TensorSpec
}
const fits = <K extends Op>(op: K, attributes: OpAttributes[K], inputs: readonly TensorSpec[], output: TensorSpec): Case =>
  ({ op, attributes, inputs, output }) as Case

const cases: readonly Case[] = [
  fits('conv2d', { ...window, filters: 7, bias: true }, [batched(8, 9, 3)], batched(4, 9, 7)),
  fits('depthwiseConv2d', { ...window, bias: false }, [batched(8, 9, 3)], batched(4, 9, 3)),
  fits('maxPool', { ...square, padding: [1, 1, 1, 1] }, [batched(5, 4, 3)], batched(5, 4, 3)),
  fits('averagePool', square, [batched(5, 4, 3)], batched(3, 2, 3)),
  fits('dense', { units: 5, bias: true }, [batched(3)], batched(5)),
  fits('dense', { units: 5, bias: true }, [batched(2, 3)], batched(2, 5)),
  fits('batchNorm', { epsilon: 1e-3 }, [batched(2, 2, 3)], batched(2, 2, 3)),
  fits('dropout', { rate: 0.5 }, [batched(3)], batched(3)),
  fits('globalAveragePool', { keepDims: true }, [batched(5, 4, 3)], batched(1, 1, 3)),
  fits('globalAveragePool', { keepDims: false }, [batched(5, 4, 3)], batched(3)),
  fits('add', {}, [batched(5, 4, 3), batched(1, 1, 3)], batched(5, 4, 3)),
  fits('multiply', {}, [single(2), batched()], batched(2)),
  fits('divide', {}, [single(), single()], single()),
  fits('less', {}, [batched(3, 1), batched(1, 4)], batched(3, 4)),
  fits('select', {}, [batched(3), single(), batched(2, 3)], batched(2, 3)),
  fits('concat', { axis: 1 }, [batched(2, 3), batched(2, 4), single(2, 1)], batched(2, 8)),
  fits('reshape', { shape: [6] }, [batched(2, 3)], batched(6)),
  fits('reshape', { shape: [] }, [single(1)], single()),
  fits('constant', { values: [1, 2] }, [], single(2)),
  fits('reduceSum', { axes: [0, 2], keepDims: false }, [batched(2, 3, 4)], batched(3)),
  fits('reduceSum', { axes: [1], keepDims: true }, [batched(2, 3)], batched(2, 1)),
  fits('batchSum', {}, [batched(3)], single(3)),
  fits('rank', {}, [batched(3)], batched(3)),
  fits('logSoftmax', {}, [batched(3)], batched(3)),
  fits('stopGradient', {}, [single()], single()),
  fits('sigmoid', {}, [batched(2, 2)], batched(2, 2)),
]

type Refused = readonly [op: Op, attributes: OpAttributes[Op], inputs: readonly TensorSpec[]]
const refused: readonly Refused[] = [
  ['conv2d', { ...square, filters: 4, bias: false }, [batched(2, 2, 3)]],
  ['conv2d', { ...square, filters: 0, bias: false }, [batched(4, 4, 3)]],
  ['conv2d', { ...square, filters: 4, bias: false }, [batched(4, 4)]],
  ['conv2d', { ...square, strides: [0, 1], filters: 4, bias: false }, [batched(4, 4, 3)]],
  ['depthwiseConv2d', { ...square, padding: [-1, 0, 0, 0], bias: false }, [batched(4, 4, 3)]],
  ['maxPool', { ...square, padding: [3, 0, 0, 0] }, [batched(4, 4, 3)]],
  ['dense', { units: 1.5, bias: false }, [batched(3)]],
  ['dense', { units: 2, bias: false }, [batched()]],
  ['batchNorm', { epsilon: 1e-3 }, [single(3)]],
  ['batchNorm', { epsilon: 0 }, [batched(3)]],
  ['dropout', { rate: 1 }, [batched(3)]],
  ['globalAveragePool', { keepDims: true }, [batched(3)]],
  ['relu', {}, [batched(3), batched(3)]],
  ['relu', {}, [{ shape: [3], dtype: 'uint8', batched: true }]],
  ['softmax', {}, [batched()]],
  ['add', {}, [batched(3), batched(2)]],
  ['add', {}, [batched(3)]],
  ['select', {}, [batched(3), batched(3)]],
  ['concat', { axis: 2 }, [batched(2, 3)]],
  ['concat', { axis: -1 }, [batched(2, 3)]],
  ['concat', { axis: 0 }, [batched(2, 3), batched(2, 4)]],
  ['concat', { axis: 0 }, []],
  ['reshape', { shape: [5] }, [batched(2, 3)]],
  ['constant', { values: [] }, []],
  ['reduceSum', { axes: [0, 0], keepDims: false }, [batched(2, 3)]],
  ['reduceSum', { axes: [2], keepDims: false }, [batched(2, 3)]],
  ['batchSum', {}, [single(3)]],
]

describe('inferSpec', () => {
  it.each(cases)('$op of $inputs.0.shape gives $output.shape', ({ op, attributes, inputs, output }) => {
    expect(inferSpec(op, attributes, inputs)).toEqual(output)
  })

  it.each(refused)('%s refuses %o of %o', (op, attributes, inputs) => {
    expect(() => inferSpec(op, attributes, inputs, 'mine')).toThrow(
      expect.objectContaining({ code: 'MNAS_GRAPH_SHAPE', exitCode: 3, message: expect.stringContaining('"mine"') }),
    )
  })
})

describe('GraphBuilder', () => {
  const origin = { block: 'head', layer: 0, role: 'test' } as const
  const node = (id: string, inputs: readonly string[]) => ({ id, inputs, attributes: {}, origin })
  const start = () => {
    const builder = new GraphBuilder()
    builder.input('x', batched(2))
    return builder
  }

  it('writes down what it was told, with the shapes', () => {
    const builder = start()
    builder.output('y', builder.add('add', node('sum', ['x', builder.add('relu', node('positive', ['x']))])))
    expect(builder.build()).toEqual({
      inputs: { x: batched(2) },
      nodes: [
        { ...batched(2), ...node('positive', ['x']), op: 'relu' },
        { ...batched(2), ...node('sum', ['x', 'positive']), op: 'add' },
      ],
      outputs: { y: 'sum' },
    })
  })

  it('goes on from another graph without its outputs', () => {
    const builder = start()
    builder.output('y', builder.add('relu', node('positive', ['x'])))
    const graph = builder.build()
    const copy = GraphBuilder.from(graph)
    copy.output('z', copy.add('exp', node('power', ['positive'])))
    expect(copy.build().nodes.slice(0, 1)).toEqual(graph.nodes)
    expect(copy.build().outputs).toEqual({ z: 'power' })
    expect(graph.outputs).toEqual({ y: 'positive' })
  })

  it('has one name for one thing, and nothing before it is there', () => {
    const taken = expect.objectContaining({ code: 'MNAS_GRAPH_NAME_TAKEN' })
    const unknown = expect.objectContaining({ code: 'MNAS_GRAPH_NAME_UNKNOWN' })
    const builder = start()
    builder.add('relu', node('a', ['x']))
    builder.output('y', 'x')
    expect(() => builder.add('relu', node('x', ['a']))).toThrow(taken)
    expect(() => builder.add('relu', node('a', ['x']))).toThrow(taken)
    expect(() => builder.input('a', batched())).toThrow(taken)
    expect(() => builder.output('y', 'a')).toThrow(taken)
    expect(() => builder.add('relu', node('b', ['c']))).toThrow(unknown)
    expect(() => builder.output('z', 'aa')).toThrow(/Did you mean "a"/)
    expect(builder.build().nodes).toHaveLength(1)
  })

  it('has one code per mistake', () => {
    expect(Object.keys(graphErrors.definitions).every((code) => code.startsWith('MNAS_GRAPH_'))).toBe(true)
  })
})

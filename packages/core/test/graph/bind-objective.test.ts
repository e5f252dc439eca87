import type { Graph, TensorSpec } from '@mnas/core/contracts'
import { bindObjective, GraphBuilder } from '@mnas/core/graph'
import { describe, expect, it } from 'vitest'

const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32', batched: true })
const origin = { block: 'objective', layer: 0, role: 'test' } as const

function model(): Graph {
  const builder = new GraphBuilder()
  builder.input('image', float(3))
  builder.output('logits', builder.add('dense', { id: 'last', inputs: ['image'], attributes: { units: 2, bias: true }, origin }))
  return builder.build()
}

/** loss = Σ logits·target, summed over the batch. */
function objective(logits = float(2), target = 'target', prefix = 'objective.'): Graph {
  const builder = new GraphBuilder()
  builder.input('logits', logits)
  builder.input(target, float(2))
  const product = builder.add('multiply', { id: `${prefix}product`, inputs: ['logits', target], attributes: {}, origin })
  const sum = builder.add('reduceSum', {
    id: `${prefix}sum`,
    inputs: [product],
    attributes: { axes: [0], keepDims: false },
    origin,
  })
  builder.output('loss', builder.add('batchSum', { id: `${prefix}loss`, inputs: [sum], attributes: {}, origin }))
  return builder.build()
}

describe('bindObjective', () => {
  it('binds what is named like a model output and keeps the targets as inputs', () => {
    const graph = bindObjective(model(), objective())
    expect(Object.keys(graph.inputs)).toEqual(['image', 'target'])
    expect(graph.nodes.map(({ id }) => id)).toEqual(['last', 'objective.product', 'objective.sum', 'objective.loss'])
    expect(graph.nodes[1]!.inputs).toEqual(['last', 'target'])
    expect(graph.outputs).toEqual({ logits: 'last', loss: 'objective.loss' })
  })

  it('shares a model input of that name', () => {
    const builder = new GraphBuilder()
    builder.input('image', float(3))
    builder.output('loss', builder.add('batchSum', { id: 'sum', inputs: ['image'], attributes: {}, origin }))
    const graph = bindObjective(model(), builder.build())
    expect(Object.keys(graph.inputs)).toEqual(['image'])
    expect(graph.nodes.at(-1)!.inputs).toEqual(['image'])
  })

  it('lets an output of the objective be a value of the model', () => {
    const passing: Graph = { inputs: { logits: float(2) }, nodes: [], outputs: { seen: 'logits' } }
    expect(bindObjective(model(), passing).outputs).toEqual({ logits: 'last', seen: 'last' })
  })

  it('refuses another shape and names that are taken', () => {
    const other: Graph = { ...objective(), inputs: { logits: { ...float(2), batched: false }, target: float(2) } }
    expect(() => bindObjective(model(), other)).toThrow(expect.objectContaining({ code: 'MNAS_GRAPH_BINDING' }))
    const taken = expect.objectContaining({ code: 'MNAS_GRAPH_NAME_TAKEN' })
    expect(() => bindObjective(model(), objective(float(2), 'last'))).toThrow(taken)
    expect(() => bindObjective(model(), { ...objective(), outputs: { logits: 'objective.loss' } })).toThrow(taken)
  })
})

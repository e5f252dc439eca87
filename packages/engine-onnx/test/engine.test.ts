import type { Graph, GraphNode, ObjectiveGraph, Optimizer, Tensors, TrainingRequest } from '@mnas/core/contracts'
import { GraphBuilder, gradientPath, initializeWeights } from '@mnas/core/graph'
import { crossEntropyObjective, randomTensors } from '@mnas/core/testing'
import engine from '@mnas/engine-onnx'
import { describe, expect, it } from 'vitest'
import { Emitter } from '#internal/onnx/emitter.js'

const batch = 4
const classes = 3
const origin = { block: 'head', layer: 0, role: 'test' } as const
const optimizer: Optimizer = { kind: 'sgd', momentum: 0.9, weightDecay: 0, average: true }
const scalars = { learningRate: 0.1, averageDecay: 0.5 }

function model(): Graph {
  const builder = new GraphBuilder()
  builder.input('image', { shape: [4, 4, 2], dtype: 'float32', batched: true })
  const window = { kernel: [3, 3], strides: [1, 1], padding: [1, 1, 1, 1] } as const
  builder.add('conv2d', { id: 'conv', inputs: ['image'], attributes: { ...window, filters: 4, bias: false }, origin })
  builder.add('batchNorm', { id: 'norm', inputs: ['conv'], attributes: { epsilon: 1e-3 }, origin })
  builder.add('globalAveragePool', { id: 'pool', inputs: ['norm'], attributes: { keepDims: false }, origin })
  builder.add('dense', { id: 'logits', inputs: ['pool'], attributes: { units: classes, bias: true }, origin })
  builder.output('logits', 'logits')
  return builder.build()
}

function inputs(seed = 1): Tensors {
  const labels = Float32Array.from({ length: batch * classes }, (_, i) => (i % (classes + 1) === 0 ? 1 : 0))
  return {
    ...randomTensors(model().inputs, { batch, seed }),
    labels: { dtype: 'float32', shape: [batch, classes], data: labels },
    weight: { dtype: 'float32', shape: [batch], data: new Float32Array(batch).fill(1) },
  }
}

async function open(request: Partial<TrainingRequest> = {}) {
  const plan = await engine.plan({}, model(), batch)
  const objective = crossEntropyObjective(classes)
  const base = { model: model(), objective, optimizer, batchSize: batch, batchNormMomentum: 0.9, frozen: [], plan }
  const session = await engine.compile({ ...base, ...request })
  await session.load(initializeWeights(model(), 2))
  return session
}

describe('plan', () => {
  it('fills the wish with the processor and its threads', async () => {
    const plan = await engine.plan({ accelerator: 'auto' }, model(), batch)
    expect(plan).toMatchObject({ engine: 'onnx', mode: 'standard', accelerator: 'cpu' })
    expect(plan.threads).toBeGreaterThan(0)
  })
  it('keeps the threads that were wished for', async () => {
    expect((await engine.plan({ threads: 3 }, model(), batch)).threads).toBe(3)
  })
  it('refuses an accelerator that it has none of', async () => {
    await expect(engine.plan({ accelerator: 'cuda' }, model(), batch)).rejects.toMatchObject({ code: 'MNAS_ENGINE_ACCELERATOR' })
  })
})

describe('bad hand-overs', () => {
  it.each([
    ['a missing input', { labels: undefined }],
    ['another batch size', { weight: { dtype: 'float32', shape: [2], data: new Float32Array(2) } }],
  ])('names %s and changes nothing', async (_what, wrong) => {
    const session = await open()
    const before = await session.state()
    const broken = { ...inputs(), ...wrong } as Tensors
    await expect(session.step(broken, scalars)).rejects.toMatchObject({ code: 'MNAS_ENGINE_INPUT' })
    expect(await session.state()).toEqual(before)
    await session.close()
  })
  it('names weights that do not fit and changes nothing', async () => {
    const session = await open()
    const before = await session.state()
    const weights = initializeWeights(model(), 3)
    const short = { ...weights, 'logits.bias': { dtype: 'float32', shape: [2], data: new Float32Array(2) } } as const
    await expect(session.load(short)).rejects.toMatchObject({ code: 'MNAS_ENGINE_WEIGHTS' })
    await expect(session.restore(weights)).rejects.toMatchObject({ code: 'MNAS_ENGINE_WEIGHTS' })
    expect(await session.state()).toEqual(before)
    await session.close()
  })
  it('asks for weights before an inference', async () => {
    const plan = await engine.plan({}, model(), batch)
    const session = await engine.compileInference({ model: model(), batchSize: batch, plan })
    await expect(session.run(inputs())).rejects.toMatchObject({ code: 'MNAS_ENGINE_WEIGHTS' })
    await session.close()
  })
})

describe('running statistics', () => {
  it('move with every forward pass, also when the gradient is held back', async () => {
    const session = await open()
    const before = await session.weights('raw')
    await session.step(inputs(), scalars, false)
    const after = await session.weights('raw')
    expect(after['norm.movingMean']).not.toEqual(before['norm.movingMean'])
    expect(after['conv.kernel']).toEqual(before['conv.kernel'])
    await session.close()
  })
  it('stay where they are frozen', async () => {
    const session = await open({ frozen: ['norm.movingMean'] })
    await session.step(inputs(), scalars)
    const after = await session.weights('raw')
    expect(after['norm.movingMean']!.data.every((value) => value === 0)).toBe(true)
    expect(after['norm.movingVariance']!.data.some((value) => value !== 1)).toBe(true)
    await session.close()
  })
})

describe('everything frozen', () => {
  it('still runs forward', async () => {
    const frozen = ['conv.kernel', 'norm.gamma', 'norm.beta', 'logits.kernel', 'logits.bias']
    const session = await open({ frozen })
    const before = await session.weights('raw')
    expect((await session.step(inputs(), scalars))['loss']).toBeGreaterThan(0)
    const after = await session.weights('raw')
    for (const name of frozen) expect(after[name]).toEqual(before[name])
    await session.close()
  })
})

describe('the path of a gradient', () => {
  const toy = (cut: 'stopGradient' | 'exp'): ObjectiveGraph => {
    const builder = new GraphBuilder()
    builder.input('x', { shape: [2], dtype: 'float32', batched: true })
    builder.add('dense', { id: 'a', inputs: ['x'], attributes: { units: 2, bias: false }, origin })
    builder.add(cut, { id: 'b', inputs: ['a'], attributes: {}, origin })
    builder.add('dense', { id: 'c', inputs: ['b'], attributes: { units: 2, bias: false }, origin })
    builder.add('less', { id: 'mask', inputs: ['a', 'c'], attributes: {}, origin })
    builder.add('select', { id: 'd', inputs: ['mask', 'c', 'b'], attributes: {}, origin })
    builder.add('reduceSum', { id: 'e', inputs: ['d'], attributes: { axes: [0], keepDims: false }, origin })
    builder.add('batchSum', { id: 'loss', inputs: ['e'], attributes: {}, origin })
    builder.add('exp', { id: 'metric', inputs: ['loss'], attributes: {}, origin })
    builder.output('loss', 'loss')
    return builder.build()
  }
  const trains = ({ op }: GraphNode): boolean => op === 'dense'
  it('goes from the parameters to the loss', () => {
    expect([...gradientPath(toy('exp'), 'loss', trains)]).toEqual(['a', 'b', 'c', 'd', 'e', 'loss'])
  })
  it('ends at a stopGradient and at a mask', () => {
    expect([...gradientPath(toy('stopGradient'), 'loss', trains)]).toEqual(['c', 'd', 'e', 'loss'])
  })
})

describe('the ONNX graph', () => {
  it('emits the same operator on the same inputs once', () => {
    const g = new Emitter()
    const x = g.input('x', [2, 3])
    expect(g.add(x, g.scalar(1))).toBe(g.add(x, g.scalar(1)))
    g.output('sum', g.add(x, g.scalar(1)))
    const turned = g.transpose(g.transpose(x, [1, 0]), [1, 0])
    expect(turned.shape).toEqual([2, 3])
    g.output('turned', turned)
    expect(g.finish().nodes.map((node) => node.operator)).toEqual(['Add', 'Transpose', 'Transpose'])
  })
  it('gives a number as many axes as what it meets', () => {
    const g = new Emitter()
    const x = g.input('x', [4, 1])
    g.output('y', g.subtractFrom(1, g.multiply(g.add(x, 2), 1)))
    const { nodes, constants } = g.finish()
    expect(nodes.map(({ operator }) => operator)).toEqual(['Add', 'Sub'])
    expect(constants.map(({ tensor, values }) => [tensor.shape, [...values]])).toEqual([
      [[1, 1], [2]],
      [[1, 1], [1]],
    ])
  })
  it('leaves out what no output needs, and views of views', () => {
    const g = new Emitter()
    const x = g.input('x', [2, 3])
    g.exp(x)
    const row = g.reshape(g.reshape(x, [3, 2]), [6])
    expect(g.reshape(row, [2, 3])).toBe(x)
    g.output('row', g.sigmoid(row))
    expect(g.finish().nodes.map((node) => node.operator)).toEqual(['Sigmoid', 'Reshape'])
  })
  it('gives one result two names', () => {
    const g = new Emitter()
    const y = g.exp(g.input('x', [2]))
    g.output('first', y)
    g.output('second', y)
    const { nodes, outputs } = g.finish()
    expect(outputs.map(({ name }) => name)).toEqual(['first', 'second'])
    expect(nodes.map((node) => [node.operator, ...node.inputs, ...node.outputs])).toEqual([
      ['Exp', 'x', 'first'],
      ['Identity', 'first', 'second'],
    ])
  })
})

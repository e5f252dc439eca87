import type { Architecture } from '@mnas/core/architecture'
import { parseArchitecture } from '@mnas/core/architecture'
import type { ExecutionPlan, Graph, Optimizer, TensorSpec, TrainingSession } from '@mnas/core/contracts'
import { GraphBuilder, initializeWeights, lowerBackbone } from '@mnas/core/graph'
import {
  crossEntropyObjective,
  probeObjective,
  randomizedStatistics,
  randomMasks,
  randomTensors,
  tinyArchitecture,
  withClassifier,
} from '@mnas/core/testing'
import engine from '@mnas/engine-onnx'
import { describe, expect, it } from 'vitest'
import { laneBlock } from '#internal/fast/probe-block.js'
import { compositeSteps } from '#internal/rewrite/rewrite.js'
import { errorAgainstInterpreter, largestError, oneStep, type Trainable } from './support/compare-modes.js'

const classes = 5
const block = await laneBlock()
const origin = { block: 'head', layer: 0, role: 'test' } as const
const rmsprop: Optimizer = { kind: 'rmsprop', decay: 0.9, momentum: 0.9, epsilon: 1e-3, weightDecay: 1e-4, average: true }

function classifier(architecture: Architecture, batch: number, dropout = 0): Trainable {
  const model = withClassifier(lowerBackbone(architecture), classes, dropout)
  const labels = new Float32Array(batch * classes).map((_, i) => (i % classes === (i * 7) % 3 ? 1 : 0))
  const weight = Float32Array.from({ length: batch }, (_, n) => (n === batch - 1 ? 0 : 1))
  const targets = {
    labels: { dtype: 'float32', shape: [batch, classes], data: labels },
    weight: { dtype: 'float32', shape: [batch], data: weight },
  } as const
  const inputs = { ...randomTensors(model.inputs, { batch, seed: 1 }), ...randomMasks(model, { batch, seed: 2 }), ...targets }
  const weights = randomizedStatistics(initializeWeights(model, 3), 4)
  return { model, objective: crossEntropyObjective(classes), batch, inputs, weights }
}

/** Rows of MobileNetV2 (Sandler et al. 2018): ReLU6, no squeeze-excite, identity skips. */
const mobileNetV2 = parseArchitecture({
  version: 1,
  name: 'mobilenetv2-like',
  input: { size: 20 },
  padding: 'symmetric',
  activation: 'relu6',
  batchNormEpsilon: 1e-5,
  stem: { filters: 6, kernel: 3, stride: 2 },
  blocks: [
    { op: 'separable', repeats: 1, kernel: 3, stride: 1, filters: 4, skip: 'identity' },
    { op: 'mbconv', repeats: 2, kernel: 3, stride: 2, expansion: 6, filters: 5, skip: 'identity' },
    { op: 'mbconv', repeats: 2, kernel: 7, stride: 1, expansion: 3, filters: 6, skip: 'identity' },
  ],
  head: { filters: 12 },
  task: { name: 'classification', options: {} },
})

/** Boxes from two maps, as SSDLite does it: one of them an expansion that its own block reads too. */
function detector(batch: number): Trainable {
  const backbone = lowerBackbone(mobileNetV2)
  const builder = GraphBuilder.from(backbone)
  const taps = ['block2_1_expand_relu', backbone.outputs['features']!]
  const rows = taps.map((tap, i) => {
    const window = { kernel: [3, 3], strides: [1, 1], padding: [1, 1, 1, 1] } as const
    const unit = { kernel: [1, 1], strides: [1, 1], padding: [0, 0, 0, 0] } as const
    const add: typeof builder.add = (op, options) => builder.add(op, options)
    add('depthwiseConv2d', { id: `head${i}`, inputs: [tap], attributes: { ...window, bias: false }, origin })
    add('batchNorm', { id: `norm${i}`, inputs: [`head${i}`], attributes: { epsilon: 1e-3 }, origin })
    add('relu6', { id: `relu${i}`, inputs: [`norm${i}`], attributes: {}, origin })
    add('conv2d', { id: `boxes${i}`, inputs: [`relu${i}`], attributes: { ...unit, filters: 4, bias: true }, origin })
    const [height, width] = builder.spec(`boxes${i}`).shape
    return add('reshape', { id: `rows${i}`, inputs: [`boxes${i}`], attributes: { shape: [height! * width!, 4] }, origin })
  })
  builder.output('y', builder.add('concat', { id: 'y', inputs: rows, attributes: { axis: 0 }, origin }))
  const model = builder.build()
  const objective = probeObjective(builder.spec('y'))
  const inputs = randomTensors({ ...model.inputs, direction: objective.inputs['direction'] as TensorSpec }, { batch, seed: 5 })
  return { model, objective, batch, inputs, weights: randomizedStatistics(initializeWeights(model, 6), 7) }
}

async function open(trainable: Trainable, mode: ExecutionPlan['mode'], optimizer = rmsprop, frozen: readonly string[] = []) {
  const { model, objective, batch: batchSize, weights } = trainable
  const plan = await engine.plan({ mode, threads: 1 }, model, batchSize)
  const session = await engine.compile({ model, objective, optimizer, batchSize, batchNormMomentum: 0.9, frozen, plan })
  await session.load(weights)
  return session
}

const scalars = { learningRate: 0.02, averageDecay: 0.9 }

async function run(session: TrainingSession, trainable: Trainable, steps: number): Promise<readonly number[]> {
  const losses: number[] = []
  for (let i = 0; i < steps; i++) losses.push((await session.step(trainable.inputs, scalars))['loss']!)
  return losses
}

const data = (tensors: Awaited<ReturnType<TrainingSession['state']>>) =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.data]))

describe.skipIf(block === null)('whole networks in the fast mode agree with the standard mode and the interpreter', () => {
  it.each([
    ['same padding, relu, dropout, even', () => classifier(tinyArchitecture('same', 'relu', 16), 16, 0.3)],
    ['symmetric padding, relu6, odd', () => classifier(tinyArchitecture('symmetric', 'relu6', 17), 16)],
    ['same padding, relu6, batch of two blocks', () => classifier(tinyArchitecture('same', 'relu6', 20), 32)],
    ['MobileNetV2', () => classifier(mobileNetV2, 16)],
    ['a detector', () => detector(16)],
  ] as const)('%s', async (_what, make) => {
    const trainable = make()
    const [fast, standard] = [await oneStep(trainable, 'fast'), await oneStep(trainable, 'standard')]
    expect(Math.abs(fast.loss / standard.loss - 1)).toBeLessThan(1e-5)
    expect(largestError(fast.statistics, standard.statistics)).toBeLessThan(1e-5)
    expect(largestError(fast.gradients, standard.gradients)).toBeLessThan(1e-3)
    expect(errorAgainstInterpreter(trainable, fast.gradients, 1)).toBeLessThan(5e-3)
  })
  it('cover every layer that they are made for', () => {
    const covered = (graph: Graph) =>
      compositeSteps(graph)
        .filter((step) => step.kind === 'node')
        .map((step) => step.node.op)
    expect(covered(classifier(mobileNetV2, 16).model)).toEqual(['globalAveragePool', 'dense'])
    expect(covered(detector(16).model)).toEqual(['concat'])
  })
})

describe.skipIf(block === null)('a training in the fast mode', () => {
  const trainable = classifier(tinyArchitecture('same', 'relu', 16), 16)
  it('updates weights, slots, statistics and average as the standard mode does', async () => {
    const [fast, standard] = [await open(trainable, 'fast'), await open(trainable, 'standard')]
    const losses = [await run(fast, trainable, 5), await run(standard, trainable, 5)]
    expect(largestError({ losses: losses[0]! }, { losses: losses[1]! })).toBeLessThan(1e-4)
    const [a, b] = [data(await fast.state()), data(await standard.state())]
    expect(Object.keys(a)).toEqual(Object.keys(b))
    expect(largestError(a, b)).toBeLessThan(1e-2)
    await fast.close()
    await standard.close()
  })
  it('repeats bit for bit, also across a restore', async () => {
    const first = await open(trainable, 'fast')
    await run(first, trainable, 2)
    const saved = await first.state()
    const losses = await run(first, trainable, 3)
    const second = await open(trainable, 'fast')
    await second.restore(saved)
    expect(await run(second, trainable, 3)).toEqual(losses)
    expect(await second.state()).toEqual(await first.state())
    await first.close()
    await second.close()
  })
  it('adds gradients up and applies their mean', async () => {
    const session = await open(trainable, 'fast')
    const once = await open(trainable, 'fast')
    await session.step(trainable.inputs, scalars, false)
    await session.step(trainable.inputs, scalars)
    await once.step(trainable.inputs, scalars)
    const kernel = 'stem_conv.kernel'
    const [twice, single] = [(await session.weights('raw'))[kernel]!, (await once.weights('raw'))[kernel]!]
    expect(largestError({ kernel: twice.data }, { kernel: single.data })).toBeLessThan(1e-6)
    await session.close()
    await once.close()
  })
  it('leaves frozen parameters alone', async () => {
    const frozen = ['stem_conv.kernel', 'stem_conv_bn.gamma', 'block2_1_expand.kernel', 'block2_1_depthwise_bn.movingMean']
    const session = await open(trainable, 'fast', rmsprop, frozen)
    await run(session, trainable, 1)
    const after = await session.weights('raw')
    for (const name of frozen) expect(after[name]).toEqual(trainable.weights[name])
    for (const name of ['stem_conv_bn.beta', 'block2_1_depthwise.kernel', 'head_conv.kernel']) {
      expect(after[name]).not.toEqual(trainable.weights[name])
    }
    await session.close()
  })
})

describe.skipIf(block === null)('the plan', () => {
  const { model } = classifier(mobileNetV2, 16)
  it('is fast where the batch is a multiple of the block', async () => {
    expect((await engine.plan({}, model, 16)).mode).toBe('fast')
    expect((await engine.plan({}, model, 12 + 1)).mode).toBe('standard')
  })
  it('honours the wish for the standard mode', async () => {
    expect((await engine.plan({ mode: 'standard' }, model, 16)).mode).toBe('standard')
  })
  it('is standard where no composite fits', async () => {
    const builder = new GraphBuilder()
    builder.input('x', { shape: [3], dtype: 'float32', batched: true })
    builder.output('y', builder.add('dense', { id: 'y', inputs: ['x'], attributes: { units: 2, bias: true }, origin }))
    expect((await engine.plan({ mode: 'fast' }, builder.build(), 16)).mode).toBe('standard')
  })
  it('is refused where it was recorded for another batch', async () => {
    const { objective, weights: _, ...rest } = classifier(mobileNetV2, 16)
    const plan = { ...(await engine.plan({}, model, 16)), mode: 'fast' } as const
    const request = { ...rest, objective, optimizer: rmsprop, batchNormMomentum: 0.9, frozen: [], plan, batchSize: 12 + 1 }
    await expect(engine.compile(request)).rejects.toMatchObject({ code: 'MNAS_ENGINE_MODE' })
  })
})

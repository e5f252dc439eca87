import type { Graph, ObjectiveGraph, Tensors } from '@mnas/core/contracts'
import { bindObjective, GraphBuilder, initializeWeights, lowerBackbone, parametersOf } from '@mnas/core/graph'
import {
  crossEntropyObjective,
  probeObjective,
  randomizedStatistics,
  randomTensors,
  tinyArchitecture,
  withClassifier,
} from '@mnas/core/testing'
import engine from '@mnas/engine-onnx'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tfjsGradients } from './support/tfjs-gradients.js'

interface Case {
  readonly model: Graph
  readonly objective: ObjectiveGraph
  readonly batch: number
  readonly inputs: Tensors
  readonly weights: Tensors
}

/** Gradients as the difference that one plain step with learning rate 1 makes. */
async function engineGradients({ model, objective, batch, inputs, weights }: Case) {
  const session = await engine.compile({
    model,
    objective,
    optimizer: { kind: 'sgd', momentum: 0, weightDecay: 0, average: false },
    batchSize: batch,
    batchNormMomentum: 0.9,
    frozen: [],
    plan: await engine.plan({}, model, batch),
  })
  try {
    await session.load(weights)
    const { loss } = await session.step(inputs, { learningRate: 1, averageDecay: 0 })
    const after = await session.weights('raw')
    const gradientOf = (name: string) => weights[name]!.data.map((value, i) => value - after[name]!.data[i]!)
    return { loss: loss!, gradientOf }
  } finally {
    await session.close()
  }
}

/** ‖ours − theirs‖ / ‖theirs‖ over all parameters, and the difference of the losses. */
async function compare(testCase: Case) {
  const { model, objective, inputs, weights } = testCase
  const trainable = parametersOf(model).flatMap(({ name, statistic }) => (statistic ? [] : [name]))
  const theirs = await tfjsGradients(bindObjective(model, objective), inputs, weights, trainable)
  const ours = await engineGradients(testCase)
  let difference = 0
  let whole = 0
  for (const name of trainable) {
    const gradient = ours.gradientOf(name)
    theirs.gradients[name]!.forEach((value, i) => {
      difference += (gradient[i]! - value) ** 2
      whole += value ** 2
    })
  }
  return { relativeError: Math.sqrt(difference / whole), lossError: Math.abs(ours.loss - theirs.loss) / Math.abs(theirs.loss) }
}

const classes = 5

function network(padding: 'same' | 'symmetric', activation: 'relu' | 'relu6', size: number): Case {
  const batch = 4
  const model = withClassifier(lowerBackbone(tinyArchitecture(padding, activation, size)), classes, 0)
  const labels = new Float32Array(batch * classes).map((_, i) => (i % classes === (i * 7) % 3 ? 1 : 0))
  const targets = {
    labels: { dtype: 'float32', shape: [batch, classes], data: labels },
    weight: { dtype: 'float32', shape: [batch], data: Float32Array.of(1, 1, 0.5, 0) },
  } as const
  return {
    model,
    objective: crossEntropyObjective(classes),
    batch,
    inputs: { ...randomTensors(model.inputs, { batch, seed: size }), ...targets },
    weights: randomizedStatistics(initializeWeights(model, size + 1), size + 2),
  }
}

describe('whole gradients against TensorFlow.js in pure JavaScript', () => {
  // 16 and 17 px run the depthwise convolutions as matrix products, 56 and 57 px as convolutions.
  it.each([
    ['same', 'relu', 16],
    ['symmetric', 'relu6', 17],
    ['same', 'relu', 56],
    ['same', 'relu', 57],
    ['symmetric', 'relu', 56],
    ['symmetric', 'relu6', 57],
  ] as const)('tiny MnasNet, %s padding, %s, %i px', async (padding, activation, size) => {
    const { relativeError, lossError } = await compare(network(padding, activation, size))
    expect(lossError).toBeLessThan(1e-5)
    expect(relativeError).toBeLessThan(5e-3)
  })
})

/** A 1x1 convolution in front shows the gradient of the depthwise convolution's input. */
function depthwiseCase(size: readonly [number, number], window: Parameters<typeof addDepthwise>[1]): Case {
  const batch = 3
  const builder = new GraphBuilder()
  builder.input('image', { shape: [...size, 2], dtype: 'float32', batched: true })
  const origin = { block: 'head', layer: 0, role: 'test' } as const
  const front = { kernel: [1, 1], strides: [1, 1], padding: [0, 0, 0, 0], filters: 3, bias: true } as const
  builder.add('conv2d', { id: 'front', inputs: ['image'], attributes: front, origin })
  addDepthwise(builder, window)
  builder.output('y', 'depthwise')
  const model = builder.build()
  const objective = probeObjective(model.nodes.at(-1)!)
  const { direction } = objective.inputs
  return {
    model,
    objective,
    batch,
    inputs: randomTensors({ ...model.inputs, direction: direction! }, { batch, seed: 5 }),
    weights: initializeWeights(model, 6),
  }
}

function addDepthwise(
  builder: GraphBuilder,
  window: {
    readonly kernel: readonly [number, number]
    readonly strides: readonly [number, number]
    readonly padding: readonly [number, number, number, number]
  },
): void {
  const attributes = { ...window, bias: true }
  builder.add('depthwiseConv2d', { id: 'depthwise', inputs: ['front'], attributes, origin: { block: 0, layer: 0, role: 'test' } })
}

describe('depthwise convolutions against TensorFlow.js', () => {
  const side = fc.integer({ min: 7, max: 19 })
  const kernel = fc.constantFrom(1, 2, 3, 5, 7)
  const stride = fc.constantFrom(1, 2, 3)
  const reach = fc.integer({ min: 0, max: 3 })
  const windows = fc.record({
    kernel: fc.tuple(kernel, kernel),
    strides: fc.tuple(stride, stride),
    padding: fc.tuple(reach, reach, reach, reach),
  })
  it('any window', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, windows, async (height, width, window) => {
        const { relativeError } = await compare(depthwiseCase([height, width], window))
        expect(relativeError).toBeLessThan(1e-4)
      }),
      { numRuns: 40, seed: 1 },
    )
  })
})

import { parseArchitecture } from '../../architecture/index.js'
import type { Graph, ObjectiveGraph, Origin, Tensor, Tensors } from '../../contracts/index.js'
import { GraphBuilder, initializeWeights, lowerBackbone } from '../../graph/index.js'
import { randomizedStatistics, randomMasks, randomTensors, uniformSource } from '../random-tensors.js'
import { crossEntropyObjective, float, hardMiningObjective } from './objectives.js'

/** A model with its objective and everything that one step takes. */
export interface SmallNetwork {
  readonly name: string
  readonly model: Graph
  readonly objective: ObjectiveGraph
  readonly batch: number
  /** Model inputs and objective targets. */
  readonly inputs: Tensors
  readonly masks: Tensors
  readonly weights: Tensors
}

const origin: Origin = { block: 'head', layer: 0, role: 'test' }
export const classes = 3

/** What a classification head adds, written out: core knows no task. */
export function withClassifier(backbone: Graph, units: number, dropout: number): Graph {
  const builder = GraphBuilder.from(backbone)
  const features = backbone.outputs['features']!
  const pool = builder.add('globalAveragePool', { id: 'pool', inputs: [features], attributes: { keepDims: false }, origin })
  const last =
    dropout > 0 ? builder.add('dropout', { id: 'dropout', inputs: [pool], attributes: { rate: dropout }, origin }) : pool
  const initializers = { kernel: { kind: 'uniform', limit: 1 / Math.sqrt(Math.max(units, 1000)) } } as const
  builder.add('dense', { id: 'logits', inputs: [last], attributes: { units, bias: true }, origin, initializers })
  builder.output('logits', 'logits')
  return builder.build()
}

/** Two blocks with everything a MnasNet has: strides, expansion, squeeze-excite, identity and pool skips. */
export function tinyArchitecture(padding: 'same' | 'symmetric', activation: 'relu' | 'relu6', size: number) {
  return parseArchitecture({
    version: 1,
    name: `tiny-${padding}-${activation}-${size}`,
    input: { size },
    padding,
    activation,
    batchNormEpsilon: 1e-3,
    stem: { filters: 4, kernel: 3, stride: 2 },
    blocks: [
      { op: 'separable', repeats: 1, kernel: 3, stride: 1, filters: 4, skip: 'pool' },
      { op: 'mbconv', repeats: 2, kernel: 5, stride: 2, expansion: 2, filters: 6, squeezeExcite: 0.5, skip: 'identity' },
      { op: 'mbconv', repeats: 1, kernel: 3, stride: 2, expansion: 1, filters: 6, skip: 'pool' },
      { op: 'conv', repeats: 1, kernel: 3, stride: 1, filters: 8, skip: 'none' },
    ],
    head: { filters: 8 },
    task: { name: 'classification', options: {} },
  })
}

/** Random images, one-hot labels and weights, of which the last row's is 0. */
export function classificationBatch(model: Graph, batch: number, seed: number): Tensors {
  const next = uniformSource(seed)
  const labels = new Float32Array(batch * classes)
  for (let n = 0; n < batch; n++) labels[n * classes + Math.floor(next() * classes)] = 1
  const weight = Float32Array.from({ length: batch }, (_, n) => (n === batch - 1 ? 0 : 1))
  return {
    ...randomTensors(model.inputs, { batch, seed }),
    labels: tensor([batch, classes], labels),
    weight: tensor([batch], weight),
  }
}

export function tensor(shape: readonly number[], data: Float32Array): Tensor {
  return { dtype: 'float32', shape, data }
}

function classifier(name: string, model: Graph, batch: number): SmallNetwork {
  return {
    name,
    model,
    objective: crossEntropyObjective(classes),
    batch,
    inputs: classificationBatch(model, batch, 21),
    masks: randomMasks(model, { batch, seed: 22 }),
    weights: randomizedStatistics(initializeWeights(model, 23), 24),
  }
}

/** dense → relu → dropout → dense: no batch norm, few parameters. */
export function perceptron(dropout: number, batch = 4): SmallNetwork {
  const builder = new GraphBuilder()
  builder.input('image', float(5))
  builder.add('dense', { id: 'hidden', inputs: ['image'], attributes: { units: 6, bias: true }, origin })
  let last = builder.add('relu', { id: 'active', inputs: ['hidden'], attributes: {}, origin })
  if (dropout > 0) last = builder.add('dropout', { id: 'dropped', inputs: [last], attributes: { rate: dropout }, origin })
  builder.add('dense', { id: 'logits', inputs: [last], attributes: { units: classes, bias: true }, origin })
  builder.output('logits', 'logits')
  return classifier(`perceptron${dropout > 0 ? ' with dropout' : ''}`, builder.build(), batch)
}

/** conv → batch norm → relu → pool → dense: the smallest network with running statistics. */
export function smallConvolutional(batch = 4): SmallNetwork {
  const builder = new GraphBuilder()
  builder.input('image', float(5, 5, 2))
  const window = { kernel: [3, 3], strides: [2, 2], padding: [1, 1, 1, 1] } as const
  builder.add('conv2d', { id: 'conv', inputs: ['image'], attributes: { ...window, filters: 4, bias: false }, origin })
  builder.add('batchNorm', { id: 'norm', inputs: ['conv'], attributes: { epsilon: 1e-3 }, origin })
  builder.add('relu', { id: 'active', inputs: ['norm'], attributes: {}, origin })
  builder.add('globalAveragePool', { id: 'pool', inputs: ['active'], attributes: { keepDims: false }, origin })
  builder.add('dense', { id: 'logits', inputs: ['pool'], attributes: { units: classes, bias: true }, origin })
  builder.output('logits', 'logits')
  return classifier('convolution, batch norm, relu', builder.build(), batch)
}

/** A row of anchors from a dense layer under the hard-mining objective. */
export function anchorNetwork(): SmallNetwork {
  const [anchors, batch] = [6, 4]
  const builder = new GraphBuilder()
  builder.input('image', float(5))
  builder.add('dense', { id: 'anchors', inputs: ['image'], attributes: { units: anchors * classes, bias: true }, origin })
  builder.add('reshape', { id: 'logits', inputs: ['anchors'], attributes: { shape: [anchors, classes] }, origin })
  builder.output('logits', 'logits')
  const model = builder.build()
  const next = uniformSource(31)
  const labels = new Float32Array(batch * anchors * classes)
  const positive = new Float32Array(batch * anchors)
  for (let anchor = 0; anchor < batch * anchors; anchor++) {
    positive[anchor] = next() < 0.3 ? 1 : 0
    labels[anchor * classes + (positive[anchor] ? 1 + Math.floor(next() * (classes - 1)) : 0)] = 1
  }
  return {
    name: 'anchors with hard-negative mining',
    model,
    objective: hardMiningObjective(anchors, classes),
    batch,
    inputs: {
      ...randomTensors(model.inputs, { batch, seed: 32 }),
      labels: tensor([batch, anchors, classes], labels),
      positive: tensor([batch, anchors], positive),
      weight: tensor([batch], Float32Array.of(1, 1, 0.5, 0)),
    },
    masks: {},
    weights: initializeWeights(model, 33),
  }
}

/** Small whole networks of every kind of layer that the project trains; the anchors always come by four. */
export function smallNetworks(batch = 4): readonly SmallNetwork[] {
  const lowered = (padding: 'same' | 'symmetric', activation: 'relu' | 'relu6', size: number, dropout: number) => {
    const model = withClassifier(lowerBackbone(tinyArchitecture(padding, activation, size)), classes, dropout)
    return classifier(
      `tiny MnasNet, ${padding} padding, ${activation}, ${size} px${dropout > 0 ? ', dropout' : ''}`,
      model,
      batch,
    )
  }
  return [
    perceptron(0, batch),
    perceptron(0.3, batch),
    smallConvolutional(batch),
    anchorNetwork(),
    lowered('same', 'relu', 16, 0.3),
    lowered('same', 'relu', 17, 0),
    lowered('symmetric', 'relu6', 16, 0),
    lowered('symmetric', 'relu', 19, 0),
  ]
}

import { defineCase, type OpCase } from './op-case.js'

const dense: readonly OpCase[] = [
  ...[true, false].map((bias) =>
    defineCase({
      name: `dense ${bias ? 'with' : 'without'} bias`,
      op: 'dense',
      inputs: { x: { shape: [5] } },
      attributes: { units: 4, bias },
    }),
  ),
  defineCase({ name: 'dense on each row', op: 'dense', inputs: { x: { shape: [3, 5] } }, attributes: { units: 2, bias: true } }),
]

const batchNorms: readonly OpCase[] = [[4, 3, 5], [5]].map((shape) =>
  defineCase({
    name: `batchNorm of [${shape}]`,
    op: 'batchNorm',
    inputs: { x: { shape, low: -1, high: 3 } },
    attributes: { epsilon: 1e-3 },
  }),
)

const dropouts: readonly OpCase[] = [[6], [3, 2, 4]].map((shape) =>
  defineCase({ name: `dropout of [${shape}]`, op: 'dropout', inputs: { x: { shape } }, attributes: { rate: 0.4 } }),
)

const unary = ['relu', 'relu6', 'sigmoid', 'softplus', 'exp', 'abs'] as const
const activations: readonly OpCase[] = [
  ...unary.map((op) => defineCase({ name: op, op, inputs: { x: { shape: [3, 2, 4], low: -4, high: 9 } }, attributes: {} })),
  defineCase({ name: 'log', op: 'log', inputs: { x: { shape: [3, 2, 4], low: 0.1, high: 3 } }, attributes: {} }),
  defineCase({
    name: 'softplus far from zero',
    op: 'softplus',
    inputs: { x: { shape: [8], low: -60, high: 120 } },
    attributes: {},
  }),
]

const rows: readonly OpCase[] = (['softmax', 'logSoftmax'] as const).flatMap((op) => [
  defineCase({ name: `${op} of a vector`, op, inputs: { x: { shape: [7], low: -3, high: 3 } }, attributes: {} }),
  defineCase({ name: `${op} of each row`, op, inputs: { x: { shape: [4, 3], low: -3, high: 3 } }, attributes: {} }),
  defineCase({ name: `${op} of large values`, op, inputs: { x: { shape: [5], low: 90, high: 110 } }, attributes: {} }),
])

/** Ops along the channels: dense, normalisation, activations. */
export const channelCases: readonly OpCase[] = [...dense, ...batchNorms, ...dropouts, ...activations, ...rows]

import type { GraphBuilder } from '../../graph/index.js'
import { caseOrigin, defineCase, type OpCase } from './op-case.js'

function multiply(builder: GraphBuilder, a: string, b: string): string {
  return builder.add('multiply', { id: 'product', inputs: [a, b], attributes: {}, origin: caseOrigin })
}

const concats: readonly OpCase[] = [
  defineCase({
    name: 'concat of channels',
    op: 'concat',
    inputs: { a: { shape: [2, 3, 4] }, b: { shape: [2, 3, 1] }, c: { shape: [2, 3, 2] } },
    attributes: { axis: 2 },
  }),
  defineCase({
    name: 'concat of rows',
    op: 'concat',
    inputs: { a: { shape: [2, 3] }, b: { shape: [4, 3] } },
    attributes: { axis: 0 },
  }),
  defineCase({
    name: 'concat of a value with itself',
    op: 'concat',
    inputs: { a: { shape: [3] } },
    attributes: { axis: 0 },
    operands: () => ['a', 'a'],
  }),
]

const reshapes: readonly OpCase[] = [
  defineCase({
    name: 'reshape of an image to rows',
    op: 'reshape',
    inputs: { x: { shape: [2, 3, 4] } },
    attributes: { shape: [12, 2] },
  }),
  defineCase({ name: 'reshape to a vector', op: 'reshape', inputs: { x: { shape: [2, 3, 2] } }, attributes: { shape: [12] } }),
]

const sums: readonly OpCase[] = (
  [
    ['of the last axis', [2, 3, 4], [2], false],
    ['of the last axis, kept', [2, 3, 4], [2], true],
    ['of the first and the last axis', [2, 3, 4], [0, 2], false],
    ['of everything', [3, 4], [0, 1], false],
  ] as const
).map(([title, shape, axes, keepDims]) =>
  defineCase({ name: `reduceSum ${title}`, op: 'reduceSum', inputs: { x: { shape } }, attributes: { axes, keepDims } }),
)

const acrossExamples: readonly OpCase[] = [[4], []].map((shape) =>
  defineCase({
    name: `batchSum of [${shape}], multiplied back`,
    op: 'batchSum',
    inputs: { x: { shape } },
    attributes: {},
    after: (builder, id) => multiply(builder, 'x', id),
  }),
)

const ranks: readonly OpCase[] = [
  defineCase({ name: 'rank of each row', op: 'rank', inputs: { x: { shape: [3, 6] } }, attributes: {}, differentiable: false }),
  defineCase({
    name: 'rank with ties',
    op: 'rank',
    inputs: { x: { shape: [9], low: 0, high: 3, whole: true } },
    attributes: {},
    differentiable: false,
  }),
]

const cuts: readonly OpCase[] = [
  defineCase({
    name: 'stopGradient, multiplied by what it cuts',
    op: 'stopGradient',
    inputs: { x: { shape: [4] } },
    attributes: {},
    after: (builder, id) => multiply(builder, 'x', id),
  }),
  defineCase({
    name: 'constant, multiplied',
    op: 'constant',
    inputs: { x: { shape: [3] } },
    attributes: { values: [0.5, -2, 3] },
    operands: () => [],
    after: (builder, id) => multiply(builder, 'x', id),
  }),
]

/** Ops that move, sum and order values. */
export const structureCases: readonly OpCase[] = [...concats, ...reshapes, ...sums, ...acrossExamples, ...ranks, ...cuts]

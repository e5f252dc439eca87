import type { GraphBuilder } from '../../graph/index.js'
import { type CaseInput, caseOrigin, defineCase, type OpCase } from './op-case.js'

const binary = ['add', 'subtract', 'multiply', 'divide', 'maximum', 'less'] as const
type Binary = (typeof binary)[number]

const vector: CaseInput = { shape: [4] }
const image: CaseInput = { shape: [3, 2, 4] }

/** A divisor stays away from zero. */
function second(op: Binary, shape: readonly number[]): CaseInput {
  return op === 'divide' ? { shape, low: 0.5, high: 2 } : { shape }
}

function constant(builder: GraphBuilder, shape: readonly number[], values: readonly number[]): string {
  const id = builder.add('constant', { id: 'constant', inputs: [], attributes: { values }, origin: caseOrigin })
  return builder.add('reshape', { id: 'shaped', inputs: [id], attributes: { shape }, origin: caseOrigin })
}

function batchSum(builder: GraphBuilder, input: string): string {
  return builder.add('batchSum', { id: 'sum', inputs: [input], attributes: {}, origin: caseOrigin })
}

/** [title, shape of a, shape of b], both batched. */
const shapes: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ['of equal shapes', [3, 2, 4], [3, 2, 4]],
  ['with a value per channel', [3, 2, 4], [4]],
  ['with a value per channel, dimensions kept', [3, 2, 4], [1, 1, 4]],
  ['with a value per pixel', [3, 2, 4], [3, 2, 1]],
  ['with a value per example', [5], []],
  ['of a value per example and a vector', [], [5]],
  ['that broadcasts both ways', [3, 1], [1, 4]],
]

const batched: readonly OpCase[] = binary.flatMap((op) =>
  shapes.map(([title, a, b]) =>
    defineCase({
      name: `${op} ${title}`,
      op,
      inputs: { a: { shape: a }, b: second(op, b) },
      attributes: {},
      differentiable: op !== 'less',
    }),
  ),
)

const unbatched: readonly OpCase[] = binary.flatMap((op) => [
  defineCase({
    name: `${op} with a constant per channel`,
    op,
    inputs: { a: image },
    attributes: {},
    operands: (builder) => ['a', constant(builder, [4], [0.3, 1.5, -0.7, 2])],
    differentiable: op !== 'less',
  }),
  defineCase({
    name: `${op} of a constant number and a vector`,
    op,
    inputs: { a: second(op, [4]) },
    attributes: {},
    operands: (builder) => [constant(builder, [], [0.02]), 'a'],
    differentiable: op !== 'less',
  }),
  defineCase({
    name: `${op} with a sum over the batch`,
    op,
    inputs: { a: image, b: second(op, [4]) },
    attributes: {},
    operands: (builder) => ['a', batchSum(builder, 'b')],
    differentiable: op !== 'less',
  }),
])

const mask: CaseInput = { shape: [3, 2, 4], low: 0, high: 2, whole: true }
const selects: readonly OpCase[] = [
  defineCase({ name: 'select', op: 'select', inputs: { mask, a: image, b: image }, attributes: {} }),
  defineCase({
    name: 'select with broadcast operands',
    op: 'select',
    inputs: { mask, a: vector, b: { shape: [] } },
    attributes: {},
  }),
  defineCase({
    name: 'select by a mask per example',
    op: 'select',
    inputs: { mask: { ...mask, shape: [] }, a: vector, b: vector },
    attributes: {},
  }),
  defineCase({
    name: 'select of a constant',
    op: 'select',
    inputs: { mask, a: image },
    attributes: {},
    operands: (builder) => ['mask', 'a', constant(builder, [], [0.25])],
  }),
]

const twice: readonly OpCase[] = [
  defineCase({ name: 'multiply by itself', op: 'multiply', inputs: { a: image }, attributes: {}, operands: () => ['a', 'a'] }),
]

/** Ops on two or three operands, broadcast in every way. */
export const elementwiseCases: readonly OpCase[] = [...batched, ...unbatched, ...selects, ...twice]

import { bindObjective, parametersOf } from '@mnas/core/graph'
import { finiteDifferences, interpret, opCases, smallNetworks } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'
import { trainableCase } from '#internal/testing/conformance/engine/op-suite.js'
import type { Trainable } from '#internal/testing/conformance/engine/training.js'
import { tfjsOutput } from './tfjs-graph.js'

function expectClose(received: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(received.length).toBe(expected.length)
  const range = Array.from(expected, Math.abs).reduce((a, b) => Math.max(a, b), 1e-3)
  const worst = Array.from(expected, (value, i) => Math.abs(value - received[i]!)).reduce((a, b) => Math.max(a, b), 0)
  expect(worst / range).toBeLessThanOrEqual(tolerance)
}

async function expectSameGradients(trainable: Trainable, samples: number): Promise<void> {
  const { model, objective, inputs, weights, masks } = trainable
  const graph = bindObjective(model, objective)
  const names = parametersOf(graph)
    .filter(({ statistic }) => !statistic)
    .map(({ name }) => name)
  const theirs = await tfjsOutput(graph, 'loss', { inputs, weights, masks }, true, names)
  const options = { inputs, weights, masks, mode: 'training' } as const
  expectClose(interpret(graph, options).outputs['loss']!.data, theirs.value, 1e-4)
  const ours = finiteDifferences(graph, { ...options, samples })
  const whole = names.flatMap((name) => Array.from(theirs.gradients[name]!, Math.abs)).reduce((a, b) => Math.max(a, b), 0)
  for (const name of names) {
    const { indices, values } = ours[name]!
    const differences = indices.map((index, i) => Math.abs(theirs.gradients[name]![index]! - values[i]!))
    expect(Math.max(...differences) / whole, name).toBeLessThan(1e-3)
  }
}

const readable = opCases().filter(({ op }) => op !== 'rank')

describe('values as TensorFlow.js computes them', () => {
  for (const { name, graph, inputs, weights, masks } of readable) {
    it(name, async () => {
      for (const mode of ['inference', 'training'] as const) {
        const theirs = await tfjsOutput(graph, 'y', { inputs, weights, masks }, mode === 'training')
        expectClose(interpret(graph, { inputs, weights, masks, mode }).outputs['y']!.data, theirs.value, 1e-5)
      }
    })
  }
})

describe('finite differences agree with the gradients of TensorFlow.js', () => {
  for (const opCase of readable.filter(({ differentiable }) => differentiable)) {
    it(opCase.name, () => expectSameGradients(trainableCase(opCase), 8))
  }
  for (const network of smallNetworks().filter(({ model, objective }) => !usesRank([...model.nodes, ...objective.nodes]))) {
    it(network.name, () => expectSameGradients(network, 3))
  }
})

function usesRank(nodes: readonly { readonly op: string }[]): boolean {
  return nodes.some(({ op }) => op === 'rank')
}

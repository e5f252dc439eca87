import { namedArchitecture } from '@mnas/core/architecture'
import type { Optimizer } from '@mnas/core/contracts'
import { lowerBackbone, parametersOf } from '@mnas/core/graph'
import engine from '@mnas/engine-onnx'
import { expect, it } from 'vitest'

const model = lowerBackbone(namedArchitecture('mnasnet-a1'))
const optimizer: Optimizer = { kind: 'rmsprop', decay: 0.9, momentum: 0.9, epsilon: 1e-3, weightDecay: 0, average: true }
const plan = { engine: 'onnx', mode: 'fast', accelerator: 'cpu', threads: 1 } as const
const mebi = 2 ** 20

it('estimates what a training takes: state twice, and a part of what the nodes put out', () => {
  const parameterBytes = 4 * parametersOf(model).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
  const fast = engine.memory!({ model, optimizer, plan })!
  const plain = engine.memory!({ model, optimizer: { kind: 'sgd', momentum: 0, weightDecay: 0, average: false }, plan })!
  // Weights, two slots and an average; SGD has one slot and no average here.
  expect(fast.sessionBytes - plain.sessionBytes).toBe(2 * 2 * parameterBytes)
  expect(fast.accumulationBytes).toBe(30 * mebi + 2 * parameterBytes)
  // Measured with bench/training/memory.mjs: an image of 224 px takes about 42 MB in the fast mode and 87 MB in the standard one.
  expect(fast.exampleBytes / mebi).toBeCloseTo(44, -1)
  const standard = engine.memory!({ model, optimizer, plan: { ...plan, mode: 'standard' } })!
  expect(standard.exampleBytes / fast.exampleBytes).toBeCloseTo(1.27 / 0.61, 6)
  expect(standard.stepBytes).toBeGreaterThan(fast.stepBytes)
})

it('knows nothing of the memory of a GPU', () => {
  expect(engine.memory!({ model, optimizer, plan: { ...plan, mode: 'standard', accelerator: 'cuda' } })).toBeNull()
})

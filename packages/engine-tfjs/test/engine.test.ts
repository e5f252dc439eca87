import { createRequire } from 'node:module'
import type { ExecutionPlan, Graph, Optimizer, Tensors, TrainingRequest } from '@mnas/core/contracts'
import { initializeWeights, lowerBackbone } from '@mnas/core/graph'
import { crossEntropyObjective, randomMasks, randomTensors, tinyArchitecture, withClassifier } from '@mnas/core/testing'
import engine from '@mnas/engine-tfjs'
import type * as Core from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'

const batch = 4
const classes = 3
const optimizer: Optimizer = { kind: 'rmsprop', decay: 0.9, momentum: 0.9, epsilon: 1e-3, weightDecay: 1e-5, average: true }
const scalars = { learningRate: 0.1, averageDecay: 0.5 }
const plan: ExecutionPlan = { engine: 'tfjs', mode: 'standard', accelerator: 'tfjs-cpu', threads: 1 }
const model: Graph = withClassifier(lowerBackbone(tinyArchitecture('same', 'relu', 16)), classes, 0.2)
const weights = initializeWeights(model, 2)

function inputs(seed = 1): Tensors {
  const labels = Float32Array.from({ length: batch * classes }, (_, i) => (i % (classes + 1) === 0 ? 1 : 0))
  return {
    ...randomTensors(model.inputs, { batch, seed }),
    ...randomMasks(model, { batch, seed }),
    labels: { dtype: 'float32', shape: [batch, classes], data: labels },
    weight: { dtype: 'float32', shape: [batch], data: new Float32Array(batch).fill(1) },
  }
}

async function open(request: Partial<TrainingRequest> = {}) {
  const objective = crossEntropyObjective(classes)
  const base = { model, objective, optimizer, batchSize: batch, batchNormMomentum: 0.9, frozen: [], plan }
  const session = await engine.compile({ ...base, ...request })
  await session.load(weights)
  return session
}

/** The library that the engine has loaded. */
const tf: typeof Core = createRequire(import.meta.url)('@tensorflow/tfjs-core')
const tensors = () => tf.memory().numTensors

describe('plan', () => {
  it('takes one thread in JavaScript alone', async () => {
    expect(await engine.plan({ accelerator: 'tfjs-cpu', threads: 4 }, model, batch)).toEqual(plan)
  })
  it('refuses an accelerator that it has none of, and says which there are', async () => {
    const refused = engine.plan({ accelerator: 'cuda' }, model, batch)
    await expect(refused).rejects.toMatchObject({ code: 'MNAS_ENGINE_ACCELERATOR', message: expect.stringContaining('tfjs-cpu') })
  })
  it('says before a training in JavaScript alone how long an image takes and what would help', async () => {
    expect(await engine.describePlan!(plan, model)).toMatch(/about [\d.e+-]+ m?s for each image and epoch.*--engine onnx/)
    expect(await engine.describePlan!({ ...plan, accelerator: 'tfjs-node' }, model)).toBeNull()
  })
})

describe('memory', () => {
  it('holds as many tensors after each step as before, applied or waiting, and none after close', async () => {
    const before = tensors()
    const session = await open()
    await session.step(inputs(), scalars)
    const held = tensors()
    for (const seed of [2, 3]) await session.step(inputs(seed), scalars)
    expect(tensors()).toBe(held)
    await session.step(inputs(4), scalars, false)
    const waiting = tensors()
    await session.step(inputs(5), scalars, false)
    expect(tensors()).toBe(waiting)
    await session.step(inputs(6), scalars)
    await session.restore(await session.state())
    expect(tensors()).toBe(held)
    await session.close()
    expect(tensors()).toBe(before)
  })

  it('is as before after a step that failed', async () => {
    const session = await open()
    const held = tensors()
    const { labels: _, ...incomplete } = inputs()
    await expect(session.step(incomplete, scalars)).rejects.toMatchObject({ code: 'MNAS_ENGINE_INPUT' })
    expect(tensors()).toBe(held)
    expect(await session.weights('raw')).toEqual(weights)
    await session.close()
  })

  it('of an inference session goes with it', async () => {
    const before = tensors()
    const session = await engine.compileInference({ model, batchSize: batch, plan, nodes: [model.nodes[3]!.id] })
    await expect(session.run(inputs())).rejects.toMatchObject({ code: 'MNAS_ENGINE_WEIGHTS' })
    await session.load(weights)
    const held = tensors()
    await session.run(inputs())
    await session.batchStatistics(inputs())
    await session.load(weights)
    expect(tensors()).toBe(held)
    await session.close()
    expect(tensors()).toBe(before)
  })
})

describe('hand-overs', () => {
  it('refuses weights and states that do not fit, and keeps what it has', async () => {
    const session = await open()
    const [name] = Object.keys(weights)
    const { [name!]: _, ...short } = weights
    await expect(session.load(short)).rejects.toMatchObject({
      code: 'MNAS_ENGINE_WEIGHTS',
      message: expect.stringContaining(name!),
    })
    await expect(session.restore(weights)).rejects.toMatchObject({ code: 'MNAS_ENGINE_WEIGHTS' })
    expect(await session.weights('raw')).toEqual(weights)
    await session.close()
  })

  it('keeps the statistics of frozen batch norms', async () => {
    const frozen = Object.keys(weights)
    const session = await open({ frozen })
    const results = await session.step(inputs(), scalars)
    expect(results['loss']).toBeGreaterThan(0)
    expect(await session.weights('raw')).toEqual(weights)
    await session.close()
  })
})

import type { Optimizer, Tensors, TrainingEngine, TrainingSession } from '../../../contracts/index.js'
import { initializeWeights, lowerBackbone } from '../../../graph/index.js'
import { crossEntropyObjective } from '../../networks/objectives.js'
import {
  classes,
  classificationBatch,
  type SmallNetwork,
  smallConvolutional,
  tinyArchitecture,
  withClassifier,
} from '../../networks/small-networks.js'
import { randomMasks, randomTensors } from '../../random-tensors.js'
import { type ConformanceCase, check, checkEqual } from '../check.js'
import { step, type Trainable, withTraining } from './training.js'

/** A new kind in the contract does not compile before it stands here. */
const optimizers: { readonly [K in Optimizer['kind']]: Optimizer & { readonly kind: K } } = {
  sgd: { kind: 'sgd', momentum: 0.9, weightDecay: 1e-4, average: false },
  rmsprop: { kind: 'rmsprop', decay: 0.9, momentum: 0.9, epsilon: 1e-3, weightDecay: 1e-5, average: true },
}

/** State: exact, complete, by parameter name. */
export function stateSuite(engine: TrainingEngine, batch: number): readonly ConformanceCase[] {
  const exact = Object.values(optimizers).map((optimizer) => ({
    name: `a restored session continues bit for bit: ${optimizer.kind}${optimizer.average ? ' with average' : ''}`,
    run: () => checkContinuation(engine, optimizer, batch),
  }))
  return [
    { name: 'the same steps give the same bits', run: () => checkRepeatable(engine, batch) },
    ...exact,
    { name: 'state is a copy', run: () => checkCopy(engine, batch) },
    { name: 'state fits the same blocks at another input size', run: () => checkOtherSize(engine, batch) },
  ]
}

async function steps(session: TrainingSession, network: Trainable, from: number, to: number): Promise<void> {
  for (let position = from; position < to; position++) {
    const images = randomTensors(network.model.inputs, { batch: network.batch, seed: 80 + position })
    await step(session, { ...network, inputs: { ...network.inputs, ...images } }, 0.1, 0.9)
  }
}

async function checkRepeatable(engine: TrainingEngine, batch: number): Promise<void> {
  const network = smallConvolutional(batch)
  const run = () =>
    withTraining(engine, network, { optimizer: optimizers.rmsprop }, async (session) => {
      await steps(session, network, 0, 3)
      return session.state()
    })
  checkSameBits(await run(), await run(), 'two trainings of the same steps')
}

async function checkContinuation(engine: TrainingEngine, optimizer: Optimizer, batch: number): Promise<void> {
  const network = smallConvolutional(batch)
  const { half, whole } = await withTraining(engine, network, { optimizer }, async (session) => {
    await steps(session, network, 0, 3)
    const half = await session.state()
    await steps(session, network, 3, 6)
    return { half, whole: await session.state() }
  })
  for (const name of Object.keys(half)) {
    check(/^(weight|slot|average)\//.test(name), 'name of a tensor in the state', 'weight/…, slot/… or average/…', name)
  }
  const other = { ...network, weights: initializeWeights(network.model, 99) }
  const restored = await withTraining(engine, other, { optimizer }, async (session) => {
    await steps(session, network, 0, 1)
    await session.restore(half)
    checkSameBits(await session.state(), half, 'the state after restore()')
    await steps(session, network, 3, 6)
    return session.state()
  })
  checkSameBits(restored, whole, 'a training continued from its state')
}

async function checkCopy(engine: TrainingEngine, batch: number): Promise<void> {
  const network = smallConvolutional(batch)
  await withTraining(engine, network, { optimizer: optimizers.rmsprop }, async (session) => {
    await steps(session, network, 0, 1)
    const state = await session.state()
    const weights = await session.weights('raw')
    const [stateBefore, weightsBefore] = [snapshot(state), snapshot(weights)]
    await steps(session, network, 1, 3)
    checkSameBits(state, stateBefore, 'a state taken before two more steps')
    checkSameBits(weights, weightsBefore, 'weights taken before two more steps')
  })
}

async function checkOtherSize(engine: TrainingEngine, batch: number): Promise<void> {
  const [small, large] = [tinyClassifier(16, batch), tinyClassifier(24, batch)]
  const optimizer = optimizers.rmsprop
  const state = await withTraining(engine, small, { optimizer }, async (session) => {
    await steps(session, small, 0, 2)
    return session.state()
  })
  await withTraining(engine, large, { optimizer }, async (session) => {
    await session.restore(state)
    checkSameBits(await session.state(), state, 'the state at another input size')
    await steps(session, large, 0, 1)
  })
}

function tinyClassifier(size: number, batch: number): Omit<SmallNetwork, 'name'> {
  const model = withClassifier(lowerBackbone(tinyArchitecture('same', 'relu', size)), classes, 0.2)
  return {
    model,
    objective: crossEntropyObjective(classes),
    batch,
    inputs: classificationBatch(model, batch, 71),
    masks: randomMasks(model, { batch, seed: 72 }),
    weights: initializeWeights(model, 73),
  }
}

function snapshot(tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]))
}

function checkSameBits(received: Tensors, expected: Tensors, what: string): void {
  checkEqual(Object.keys(received).sort(), Object.keys(expected).sort(), `names in ${what}`)
  for (const [name, { data, shape }] of Object.entries(expected)) {
    const own = received[name]!
    checkEqual(own.shape, shape, `shape of "${name}" in ${what}`)
    const different = data.findIndex((value, i) => !Object.is(value, own.data[i]))
    check(different < 0, `"${name}" in ${what} (element ${different})`, `${data[different]}`, `${own.data[different]}`)
  }
}

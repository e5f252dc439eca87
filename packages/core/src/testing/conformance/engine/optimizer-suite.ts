import type { Optimizer, Tensors, TrainingEngine } from '../../../contracts/index.js'
import { parametersOf } from '../../../graph/index.js'
import { perceptron, type SmallNetwork, smallConvolutional } from '../../networks/small-networks.js'
import { randomTensors } from '../../random-tensors.js'
import { type ConformanceCase, check, checkClose } from '../check.js'
import { referenceStep, startState, withShapes } from './reference-optimizer.js'
import {
  batchNormMomentum,
  engineGradients,
  interpretTraining,
  plainSgd,
  referenceGradients,
  step,
  type Trainable,
  withTraining,
} from './training.js'

interface Trajectory {
  readonly name: string
  readonly optimizer: Optimizer
  readonly network: SmallNetwork
  readonly frozen?: readonly string[]
  readonly rates?: Readonly<Record<string, number>>
}

/** A new kind in the contract does not compile before it stands here. */
const optimizers: { readonly [K in Optimizer['kind']]: Optimizer & { readonly kind: K } } = {
  sgd: { kind: 'sgd', momentum: 0.9, weightDecay: 0, average: false },
  rmsprop: { kind: 'rmsprop', decay: 0.9, momentum: 0.9, epsilon: 1e-3, weightDecay: 0, average: false },
}
const titles: { readonly [K in Optimizer['kind']]: string } = { sgd: 'SGD with momentum', rmsprop: 'RMSProp of TensorFlow 1' }
const { sgd, rmsprop } = optimizers

const trajectories = (batch: number): readonly Trajectory[] => [
  ...Object.values(optimizers).map((optimizer) => ({
    name: titles[optimizer.kind],
    optimizer,
    network: perceptron(0, batch),
  })),
  { name: 'SGD with momentum, L2 penalty', optimizer: { ...sgd, weightDecay: 0.05 }, network: smallConvolutional(batch) },
  { name: 'RMSProp, L2 penalty', optimizer: { ...rmsprop, weightDecay: 0.05 }, network: smallConvolutional(batch) },
  {
    name: 'RMSProp, L2 penalty, average',
    optimizer: { ...rmsprop, weightDecay: 0.05, average: true },
    network: smallConvolutional(batch),
  },
  { name: 'SGD, average, dropout', optimizer: { ...sgd, average: true }, network: perceptron(0.3, batch) },
  {
    name: 'SGD, L2 penalty, average, frozen parameters',
    optimizer: { ...sgd, weightDecay: 0.05, average: true },
    network: smallConvolutional(batch),
    frozen: ['conv.kernel', 'norm.beta'],
  },
  {
    name: "SGD with Nesterov's momentum, L2 penalty",
    optimizer: { ...sgd, nesterov: true, weightDecay: 0.05 },
    network: smallConvolutional(batch),
  },
  ...[sgd, rmsprop].map((optimizer) => ({
    name: `${titles[optimizer.kind]}, L2 penalty, other rates for some parameters`,
    optimizer: { ...optimizer, weightDecay: 0.05 },
    network: smallConvolutional(batch),
    rates: { 'logits.kernel': 2, 'norm.gamma': 0.5 },
  })),
]

/** Updates over several steps against the formulas in float64. */
export function optimizerSuite(engine: TrainingEngine, batch: number): readonly ConformanceCase[] {
  return [
    ...trajectories(batch).map((trajectory) => ({
      name: `four updates: ${trajectory.name}`,
      run: () => checkTrajectory(engine, trajectory),
    })),
    { name: 'frozen parameters stay, bit for bit', run: () => checkFrozen(engine, batch) },
    { name: 'apply: false averages gradients', run: () => checkAccumulation(engine, batch) },
    { name: 'load() sets everything back', run: () => checkLoad(engine, batch) },
  ]
}

const learningRates = [0.2, 0.1, 0.1, 0.05]
const averageDecays = [0.5, 0.9, 0.75, 0.9]

async function checkTrajectory(
  engine: TrainingEngine,
  { optimizer, network, frozen = [], rates = {} }: Trajectory,
): Promise<void> {
  const parameters = parametersOf(network.model)
  let state = startState(network.weights)
  await withTraining(engine, network, { optimizer, frozen, rates }, async (session) => {
    for (const [position, learningRate] of learningRates.entries()) {
      const averageDecay = averageDecays[position]!
      const trainable = withOtherInputs(network, position)
      const weights = withShapes(state.weights, network.weights)
      const { batchStatistics, outputs } = interpretTraining(trainable, weights)
      const gradients = referenceGradients(trainable, weights)
      const received = await step(session, trainable, learningRate, averageDecay)
      checkClose([received['loss']!], outputs['loss']!.data, 1e-4, `loss of step ${position} (without the penalty)`)
      const settings = { optimizer, parameters, batchNormMomentum, frozen, rates, learningRate, averageDecay }
      state = referenceStep(state, { ...settings, gradients, batchStatistics })
    }
    checkAll(await session.weights('raw'), state.weights, 'after four steps')
    if (optimizer.average) checkAll(await session.weights('average'), state.average, 'in the average after four steps')
  })
}

/** The same network on another batch of images. */
function withOtherInputs<T extends Trainable>(network: T, position: number): T {
  const images = randomTensors(network.model.inputs, { batch: network.batch, seed: 60 + position })
  return { ...network, inputs: { ...network.inputs, ...images } }
}

function checkAll(received: Tensors, expected: Readonly<Record<string, Float64Array>>, when: string): void {
  for (const [name, values] of Object.entries(expected)) {
    check(name in received, 'weights() lacks a parameter', name, Object.keys(received).join(', '))
    checkClose(received[name]!.data, values, 2e-4, `"${name}" ${when}`)
  }
}

async function checkFrozen(engine: TrainingEngine, batch: number): Promise<void> {
  const network = smallConvolutional(batch)
  const frozen = ['conv.kernel', 'norm.gamma', 'logits.bias']
  await withTraining(engine, network, { optimizer: { ...sgd, weightDecay: 0.1 }, frozen }, async (session) => {
    const before = await session.weights('raw')
    for (const learningRate of learningRates) await step(session, network, learningRate)
    const after = await session.weights('raw')
    for (const name of Object.keys(before)) {
      const moved = before[name]!.data.some((value, i) => value !== after[name]!.data[i])
      check(
        moved !== frozen.includes(name),
        `"${name}" in a training with frozen parameters`,
        frozen.includes(name) ? 'frozen' : 'moved',
        moved ? 'moved' : 'frozen',
      )
    }
  })
}

/** Two held-back steps and an applied one move the weights by the mean of the three gradients. */
async function checkAccumulation(engine: TrainingEngine, batch: number): Promise<void> {
  const network = perceptron(0, batch)
  const batches = [0, 1, 2].map((position) => withOtherInputs(network, position))
  const single: Readonly<Record<string, Float64Array>>[] = []
  for (const trainable of batches) {
    single.push((await withTraining(engine, network, {}, (session) => engineGradients(session, trainable))).gradients)
  }
  await withTraining(engine, network, { optimizer: plainSgd }, async (session) => {
    const before = await session.weights('raw')
    await step(session, batches[0]!, 1, 0, false)
    await step(session, batches[1]!, 1, 0, false)
    const held = await session.weights('raw')
    await step(session, batches[2]!, 1, 0, true)
    const once = await session.weights('raw')
    await step(session, batches[0]!, 1, 0, true)
    for (const name of Object.keys(single[0]!)) {
      checkClose(held[name]!.data, before[name]!.data, 0, `"${name}" before a gradient is applied`)
      const mean = single[0]![name]!.map((_, i) => (single[0]![name]![i]! + single[1]![name]![i]! + single[2]![name]![i]!) / 3)
      const moved = Float64Array.from(before[name]!.data, (value, i) => value - once[name]!.data[i]!)
      checkClose(moved, mean, 1e-4, `update of "${name}" from three accumulated gradients`)
    }
  })
}

/** A used session after load() goes the way a fresh one goes: no slot, average or held-back gradient is left over. */
async function checkLoad(engine: TrainingEngine, batch: number): Promise<void> {
  const network = smallConvolutional(batch)
  const optimizer: Optimizer = { ...rmsprop, average: true }
  const path = (used: boolean) =>
    withTraining(engine, network, { optimizer }, async (session) => {
      if (used) {
        await step(session, network, 0.3, 0.5)
        await session.load(network.weights)
      }
      await step(session, network, 0.1, 0.9)
      return [await session.weights('raw'), await session.weights('average')] as const
    })
  const [fresh, used] = [await path(false), await path(true)]
  for (const which of [0, 1] as const) {
    for (const [name, { data }] of Object.entries(fresh[which])) {
      checkClose(used[which][name]!.data, data, 0, `"${name}" (${which === 0 ? 'raw' : 'average'}) after load()`)
    }
  }
}

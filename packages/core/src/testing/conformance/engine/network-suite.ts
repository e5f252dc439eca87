import type { Tensor, TrainingEngine } from '../../../contracts/index.js'
import { bindObjective } from '../../../graph/index.js'
import { interpret } from '../../interpreter/interpret.js'
import { perceptron, type SmallNetwork, smallNetworks } from '../../networks/small-networks.js'
import { type ConformanceCase, check, checkClose, checkEqual } from '../check.js'
import { checkTensors, withInference } from './inference.js'
import { checkGradients, checkOutputs, engineGradients, referenceGradients, withTraining } from './training.js'

const forwardTolerance = 1e-4
const gradientTolerance = 5e-3

/** Small whole networks: what both kinds of session say about them. */
export function networkSuite(engine: TrainingEngine, batch: number): readonly ConformanceCase[] {
  const perNetwork = smallNetworks(batch).flatMap((network) => [
    { name: `training step: ${network.name}`, run: () => checkTraining(engine, network) },
    { name: `inference: ${network.name}`, run: () => checkInference(engine, network) },
    { name: `batch statistics: ${network.name}`, run: () => checkStatistics(engine, network) },
  ])
  return [...perNetwork, { name: 'rows of weight 0 count nothing', run: () => checkIgnoredRows(engine, batch) }]
}

async function checkTraining(engine: TrainingEngine, network: SmallNetwork): Promise<void> {
  await withTraining(engine, network, {}, async (session) => {
    checkEqual(Object.keys(session.randomInputs).sort(), Object.keys(network.masks).sort(), 'names of the random inputs')
    const { outputs, gradients } = await engineGradients(session, network)
    checkOutputs(outputs, network, forwardTolerance)
    checkGradients(gradients, referenceGradients(network, network.weights, 6), gradientTolerance)
  })
}

/** Outputs, objective outputs and any node that was asked for. */
async function checkInference(engine: TrainingEngine, network: SmallNetwork): Promise<void> {
  const { model, objective, batch, weights, inputs } = network
  const tapped = model.nodes.filter((_, position) => position % 4 === 1).map((node) => node.id)
  const combined = interpret(bindObjective(model, objective), { inputs, weights, mode: 'inference' })
  const nodes = interpret(model, { inputs, weights, mode: 'inference' })
  const setting = { model, objective, batch, weights, nodes: tapped }
  const received = await withInference(engine, setting, (session) => session.run(inputs))
  checkTensors(received, nodes.outputs, forwardTolerance, 'the outputs')
  const taps = Object.fromEntries(tapped.map((id) => [id, nodes.values[id]!]))
  checkTensors(received, taps, forwardTolerance, 'the tapped nodes')
  const objectiveOutputs = Object.fromEntries(Object.keys(objective.outputs).map((name) => [name, combined.outputs[name]!]))
  checkTensors(received, objectiveOutputs, forwardTolerance, 'the outputs of the objective')
}

/** A training-mode forward without dropout: every mask is 1. */
async function checkStatistics(engine: TrainingEngine, network: SmallNetwork): Promise<void> {
  const { model, batch, weights } = network
  const inputs = Object.fromEntries(Object.keys(model.inputs).map((name) => [name, network.inputs[name]!]))
  const masks = Object.fromEntries(
    Object.entries(network.masks).map(([id, mask]) => [id, { ...mask, data: mask.data.map(() => 1) }]),
  )
  const expected = interpret(model, { inputs, weights, masks, mode: 'training' }).batchStatistics
  const received = await withInference(engine, { model, batch, weights }, (session) => session.batchStatistics(inputs))
  checkEqual(Object.keys(received).sort(), Object.keys(expected).sort(), 'names of the batch statistics')
  checkTensors(received, expected, forwardTolerance, 'the batch statistics')
}

/** Without a batch norm nothing in such a row can be seen: other contents, same loss and gradients. */
async function checkIgnoredRows(engine: TrainingEngine, batch: number): Promise<void> {
  const network = perceptron(0, batch)
  const results = []
  for (const filler of [0, 7]) {
    const inputs = { ...network.inputs, image: lastRowFilled(network.inputs['image']!, filler) }
    results.push(await withTraining(engine, network, {}, (session) => engineGradients(session, { ...network, inputs })))
  }
  const [first, second] = results
  check(
    first!.outputs['loss'] === second!.outputs['loss'],
    'loss with other ignored rows',
    `${first!.outputs['loss']}`,
    `${second!.outputs['loss']}`,
  )
  for (const [name, gradient] of Object.entries(first!.gradients)) {
    checkClose(second!.gradients[name]!, gradient, 1e-6, `gradient of "${name}" with other ignored rows`)
  }
}

function lastRowFilled(tensor: Tensor, value: number): Tensor {
  const length = tensor.data.length / tensor.shape[0]!
  const start = tensor.data.length - length
  return { ...tensor, data: Float32Array.from(tensor.data, (x, i) => (i < start ? x : value)) }
}

import type { Graph, Tensor, TensorSpec, Tensors, TrainingEngine } from '../../../contracts/index.js'
import { GraphBuilder, initializeWeights } from '../../../graph/index.js'
import { interpret } from '../../interpreter/interpret.js'
import { float, probeObjective } from '../../networks/objectives.js'
import { caseOrigin, type OpCase } from '../../op-cases/op-case.js'
import { opCases } from '../../op-cases/op-cases.js'
import { randomTensors } from '../../random-tensors.js'
import type { ConformanceCase } from '../check.js'
import { checkTensors, withInference } from './inference.js'
import { checkGradients, checkOutputs, engineGradients, referenceGradients, type Trainable, withTraining } from './training.js'

const forwardTolerance = 2e-6
const gradientTolerance = 1e-3

/** Every op alone: its value, and where it has one its gradient. */
export function opSuite(engine: TrainingEngine): readonly ConformanceCase[] {
  return opCases().flatMap((opCase) => [
    { name: `value: ${opCase.name}`, run: () => checkValue(engine, opCase) },
    ...(opCase.differentiable
      ? [{ name: `gradient: ${opCase.name}`, run: () => checkGradient(engine, trainableCase(opCase)) }]
      : []),
  ])
}

async function checkValue(engine: TrainingEngine, opCase: OpCase): Promise<void> {
  const { graph: model, inputs, weights, batch } = opCase
  const expected = interpret(model, { inputs, weights, mode: 'inference' }).outputs
  const received = await withInference(engine, { model, weights, batch }, (session) => session.run(inputs))
  checkTensors(received, expected, forwardTolerance, 'the outputs')
}

async function checkGradient(engine: TrainingEngine, trainable: Trainable): Promise<void> {
  await withTraining(engine, trainable, {}, async (session) => {
    const { outputs, gradients } = await engineGradients(session, trainable)
    checkOutputs(outputs, trainable, 1e-5)
    checkGradients(gradients, referenceGradients(trainable, trainable.weights, 16), gradientTolerance)
  })
}

/**
 * The same op with a parameterised op in front of every input, whose parameters' gradients show the gradient of the input: a 1×1 convolution
 * for images, a dense layer for everything else. Its values stay within the range of the case's own.
 */
export function trainableCase(opCase: OpCase): Trainable {
  const { graph, batch } = opCase
  const builder = new GraphBuilder()
  const fronted = Object.keys(graph.inputs).filter((name) => !opCase.fixed.includes(name))
  for (const name of opCase.fixed) builder.input(name, graph.inputs[name]!)
  for (const name of fronted) addFront(builder, name, graph.inputs[name]!)
  for (const node of graph.nodes) builder.append(node)
  builder.output('y', graph.outputs['y']!)
  const model = builder.build()
  const objective = probeObjective(outputSpec(graph))
  const sources = Object.fromEntries(Object.entries(model.inputs).filter(([name]) => name.endsWith(source)))
  const { direction } = objective.inputs
  const fixed = Object.fromEntries(opCase.fixed.map((name) => [name, opCase.inputs[name]!]))
  return {
    model,
    objective,
    batch,
    inputs: { ...fixed, ...randomTensors({ ...sources, direction: direction! }, { batch, seed: 41 }) },
    masks: opCase.masks,
    weights: frontWeights(model, opCase, fronted),
  }
}

const source = '.source'
const fanIn = 4

function addFront(builder: GraphBuilder, name: string, spec: TensorSpec): void {
  const [height, width, channels] = spec.shape
  const input = `${name}${source}`
  const common = { inputs: [input], origin: caseOrigin }
  if (spec.shape.length === 3) {
    builder.input(input, float(height!, width!, fanIn))
    const window = { kernel: [1, 1], strides: [1, 1], padding: [0, 0, 0, 0] } as const
    builder.add('conv2d', { ...common, id: name, attributes: { ...window, filters: channels!, bias: true } })
    return
  }
  builder.input(input, float(fanIn))
  const units = spec.shape.reduce((product, length) => product * length, 1)
  const flat = spec.shape.length === 1
  const id = builder.add('dense', { ...common, id: flat ? name : `${name}.dense`, attributes: { units, bias: true } })
  if (!flat) builder.add('reshape', { id: name, inputs: [id], attributes: { shape: spec.shape }, origin: caseOrigin })
}

function outputSpec(graph: Graph): TensorSpec {
  const id = graph.outputs['y']!
  const { shape, dtype, batched } = graph.nodes.find((node) => node.id === id)!
  return { shape, dtype, batched }
}

/** Kernels and biases that keep a front's values between the smallest and the largest value of the case's input. */
function frontWeights(model: Graph, opCase: OpCase, fronted: readonly string[]): Tensors {
  const weights: Record<string, Tensor> = { ...initializeWeights(model, 42), ...opCase.weights }
  for (const [position, name] of fronted.entries()) {
    const values = Array.from(opCase.inputs[name]!.data)
    const [low, high] = [Math.min(...values), Math.max(...values)]
    const node = `${name}.dense.kernel` in weights ? `${name}.dense` : name
    const reach = (high - low) / 2 / fanIn
    weights[`${node}.kernel`] = redrawn(weights[`${node}.kernel`]!, -reach, reach, 51 + position)
    weights[`${node}.bias`] = redrawn(weights[`${node}.bias`]!, (low + high) / 2, (low + high) / 2, 52 + position)
  }
  return weights
}

function redrawn(tensor: Tensor, low: number, high: number, seed: number): Tensor {
  const spec = { shape: tensor.shape, dtype: tensor.dtype, batched: false }
  return randomTensors({ tensor: spec }, { batch: 1, seed, low, high })['tensor']!
}

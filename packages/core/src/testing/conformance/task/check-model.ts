import { withTask } from '../../../architecture/index.js'
import type { PostProcessing, Tensors } from '../../../contracts/index.js'
import { bindObjective, gradientPath, graphHash, lower, parametersOf } from '../../../graph/index.js'
import { interpret } from '../../interpreter/interpret.js'
import { tinyArchitecture } from '../../networks/small-networks.js'
import { check, checkClose, checkEqual, checkJson } from '../check.js'
import { inputSize, pick, type TaskBench, take } from './task-bench.js'

export async function checkOptions({ task, dataset, options }: TaskBench): Promise<void> {
  checkJson(options, 'options')
  checkEqual(task.options.parse(options), options, 'options, parsed again')
  checkEqual(task.optionsFor(dataset, options), options, 'options for the same data, over themselves')
}

export async function checkHead({ task, options }: TaskBench): Promise<void> {
  for (const [padding, activation, size] of [
    ['same', 'relu', inputSize],
    ['symmetric', 'relu6', inputSize + 1],
  ] as const) {
    const model = lower(withTask(tinyArchitecture(padding, activation, size), task.name, options), task)
    const names = Object.keys(model.outputs)
    check(names.length > 0 && !names.includes('features'), 'training outputs', "the head's own", names.join(', '))
    const heads = parametersOf(model).filter(({ node }) =>
      model.nodes.some(({ id, origin }) => id === node && origin.block === 'head'),
    )
    check(heads.length > 0, 'parameters of the head', 'at least one', 'none')
  }
}

/** The loss of the recipe `quick` on real batches, and a gradient for every parameter. */
export async function checkObjective(bench: TaskBench): Promise<void> {
  const { dataset, model, training, evaluation } = bench
  const { bound, loss } = combined(bench)
  const [batch] = await take(dataset, training, { count: 1 })
  const missing = Object.keys(bound.inputs).filter((name) => !(name in batch!.inputs))
  checkEqual(missing, [], 'inputs of model and objective that no batch holds')
  const unused = Object.keys(batch!.inputs).filter((name) => !(name in bound.inputs))
  checkEqual(unused, [], 'tensors of a batch that neither model nor objective reads')
  for (const [name, { shape }] of Object.entries(bound.inputs)) {
    checkEqual(batch!.inputs[name]!.shape.slice(1), shape, `shape of "${name}"`)
  }
  const trained = new Set(
    parametersOf(bound)
      .filter(({ statistic }) => !statistic)
      .map(({ node }) => node),
  )
  const path = gradientPath(bound, loss, ({ id }) => trained.has(id))
  const head = [...trained].filter((id) => model.nodes.some((node) => node.id === id))
  checkEqual(
    head.filter((id) => !path.has(id)),
    [],
    'layers with parameters that no gradient reaches',
  )
  for (const of of [batch!, (await take(dataset, evaluation, { count: 1 }))[0]!]) {
    const value = lossOf(bench, of.inputs)
    check(Number.isFinite(value), 'loss', 'a finite number', `${value}`)
  }
}

/** Rows of weight 0 beside the others change nothing. */
export async function checkPadding(bench: TaskBench): Promise<void> {
  const { dataset, evaluation } = bench
  const images = dataset.size(evaluation.split)
  const padded = (await take(dataset, { ...evaluation, batchSize: images + 2 }))[0]!
  const full = (await take(dataset, { ...evaluation, batchSize: images }))[0]!
  checkEqual(padded.examples.slice(images), [-1, -1], 'rows behind the last example')
  checkClose([lossOf(bench, padded.inputs)], [lossOf(bench, full.inputs)], 1e-6, 'loss with two padded rows')
}

export async function checkDeployed({ task, model, options }: TaskBench): Promise<void> {
  const { graph, postProcessing } = task.deployed(model, options)
  check(Object.keys(graph.outputs).length > 0, 'outputs of the deployed graph', 'at least one', 'none')
  checkEqual(Object.keys(graph.inputs), Object.keys(model.inputs), 'inputs of the deployed graph')
  const names = (of: typeof graph) => parametersOf(of).map(({ name }) => name)
  const foreign = names(graph).filter((name) => !names(model).includes(name))
  checkEqual(foreign, [], 'parameters of the deployed graph that training does not know')
  if (postProcessing) checkPostProcessing(postProcessing, Object.keys(graph.outputs))
  if (!task.deployment) return
  const defaults = task.deployment.parse({})
  checkJson(defaults, 'defaults of the deployment')
  checkEqual(task.deployment.parse(defaults), defaults, 'defaults of the deployment, parsed again')
  const said = task.deployed(model, options, defaults)
  checkEqual(graphHash(said.graph), graphHash(graph), 'the deployed graph by the defaults and without them')
}

function checkPostProcessing({ reads, constants, outputs, options }: PostProcessing, known: readonly string[]): void {
  const unknown = reads.filter((name) => !known.includes(name))
  checkEqual(unknown, [], 'outputs that the operator behind the graph reads and the graph does not have')
  check(outputs.length > 0, 'outputs of the operator behind the graph', 'at least one', 'none')
  const names = [...outputs.map(({ name }) => name), ...known.filter((name) => !reads.includes(name))]
  checkEqual(names.length, new Set(names).size, 'names of the outputs of a file, each once')
  for (const { name, tensor } of constants) checkEqual(tensor.data.length, elements(tensor.shape), `numbers of "${name}"`)
  checkJson(options, 'options of the operator behind the graph')
}

const elements = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1)

function combined({ task, model, options }: TaskBench) {
  const { loss = {} } = task.recipes.quick as { readonly loss?: Parameters<typeof task.objective>[2] }
  const bound = bindObjective(model, task.objective(model, options, loss))
  check('loss' in bound.outputs, 'outputs of the objective', '"loss" among them', Object.keys(bound.outputs).join(', '))
  return { bound, loss: bound.outputs['loss']! }
}

function lossOf(bench: TaskBench, inputs: Tensors): number {
  const { bound } = combined(bench)
  const { outputs } = interpret(bound, {
    inputs: pick(inputs, Object.keys(bound.inputs)),
    weights: bench.weights,
    mode: 'inference',
  })
  return outputs['loss']!.data[0]!
}

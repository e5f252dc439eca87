import { type Architecture, scaleArchitecture, withTask } from '../architecture/index.js'
import { loadBundleWeights, type ModelBundle, type ResolvedModel, resolveModel } from '../bundle/index.js'
import type { Costs, Graph, JsonObject, PostProcessing, Preprocessing, Task, Tensors } from '../contracts/index.js'
import { costsOf, initializeWeights, lower } from '../graph/index.js'
import type { Registry } from '../plugins/index.js'
import { targetsOf } from '../training/index.js'
import { deployedModel } from './deployed-model.js'
import { deploymentErrors } from './errors.js'

const randomWeightsSeed = 0

export interface ModelRequest {
  /** MODEL: bundle, run, architecture file or name. */
  readonly argument: string
  /** Side of the deployed input in pixels, instead of the model's own. */
  readonly size?: number | undefined
  /** Of a network without trained weights, over those of its architecture. Default: none. */
  readonly taskOptions?: JsonObject
  /** What to do without trained weights: take random ones, or refuse. Trained ones are always used. */
  readonly randomWeights: boolean
  /** Of `Task.deployment`, as the user gave them. Default: nothing was said. */
  readonly deployment?: JsonObject
}

/** A model with weights and everything behind its training outputs: what is exported, and what the file is compared with. */
export interface DeployableModel {
  readonly name: string
  readonly architecture: Architecture
  readonly task: Task
  /** With what the task adds for a phone. */
  readonly graph: Graph
  /** What a file does with its outputs, where its format can; null: nothing. */
  readonly postProcessing: PostProcessing | null
  /** How its answers are made, in the task's words; null: it says nothing of it. */
  readonly deployment: JsonObject | null
  /** The user said how answers are made: then a format that cannot do so is refused, and does not go without. */
  readonly deploymentAsked: boolean
  /** BatchPlan.targets of its batches. */
  readonly targets: JsonObject
  readonly weights: Tensors
  readonly trained: boolean
  /** Of the bundle. */
  readonly folder: string | null
  readonly bundle: ModelBundle | null
  /** By class index; null for a model that no images belong to. */
  readonly labels: readonly string[] | null
  /** The bundle's, else the task's own. */
  readonly preprocessing: Preprocessing
  readonly costs: Costs
}

/** @throws MNAS_DEPLOY_UNTRAINED, MNAS_DEPLOY_OPTION, MNAS_MODEL_FIXED, and what a MODEL argument can be wrong in */
export async function loadModel(registry: Registry, request: ModelRequest): Promise<DeployableModel> {
  const { argument, randomWeights, deployment = {} } = request
  const resolved = await resolveModel(argument)
  const architecture = asRequested(resolved, request)
  const task = await registry.get('task', architecture.task.name)
  const trained = await trainedWeights(resolved)
  if (!trained && !randomWeights) throw deploymentErrors.MNAS_DEPLOY_UNTRAINED({ model: argument })
  const model = deployableModel(task, architecture, trained, deployment)
  const { bundle, folder } = resolved
  if (!bundle) return model
  const { name, labels, preprocessing } = bundle
  return { ...model, name, labels, preprocessing, bundle, folder: folder ?? null }
}

/**
 * The same model for an input of another size, with the same weights: what `mnas deploy --size` makes files of.
 * @param inputSize side in pixels
 * @throws MNAS_ARCHITECTURE_… for a size that no network has
 */
export function atInputSize(model: DeployableModel, inputSize: number): DeployableModel {
  const { task, architecture, weights, name, trained, folder, bundle, labels, preprocessing } = model
  if (inputSize === architecture.input.size) return model
  const sized = deployableModel(task, scaleArchitecture(architecture, { inputSize }), weights)
  return { ...sized, name, trained, folder, bundle, labels, preprocessing }
}

/**
 * A network that belongs to no bundle.
 * @param weights null: random ones
 * @param deployment what was asked of the task
 * @throws MNAS_DEPLOY_OPTION
 */
export function deployableModel(
  task: Task,
  architecture: Architecture,
  weights: Tensors | null,
  deployment: JsonObject = {},
): DeployableModel {
  const { options } = architecture.task
  const model = lower(architecture, task)
  const { graph, postProcessing = null, deployment: made = null } = deployedModel(task, model, options, deployment)
  return {
    name: architecture.name,
    architecture,
    task,
    graph,
    postProcessing,
    deployment: made,
    deploymentAsked: Object.keys(deployment).length > 0,
    targets: targetsOf(task, model, options),
    weights: weights ?? initializeWeights(graph, randomWeightsSeed),
    trained: weights !== null,
    folder: null,
    bundle: null,
    labels: null,
    preprocessing: task.preprocessing,
    costs: costsOf(graph),
  }
}

function asRequested({ architecture, bundle }: ResolvedModel, { argument, size, taskOptions = {} }: ModelRequest): Architecture {
  const scaled = size === undefined ? architecture : scaleArchitecture(architecture, { inputSize: size })
  if (Object.keys(taskOptions).length === 0) return scaled
  if (bundle) throw deploymentErrors.MNAS_MODEL_FIXED({ model: argument, what: 'trained for its task', flag: '--task-option' })
  return withTask(scaled, scaled.task.name, { ...scaled.task.options, ...taskOptions })
}

async function trainedWeights({ bundle, folder }: ResolvedModel): Promise<Tensors | null> {
  return bundle && folder ? loadBundleWeights(folder) : null
}

import { taskOptionsFor, withTask } from '../../architecture/index.js'
import type { Dataset, ExecutionPlan, Fit, Graph, JsonObject, Task, TrialJob } from '../../contracts/index.js'
import { hashJson } from '../../files/index.js'
import { lower } from '../../graph/index.js'
import { planDifferences, planTraining } from '../../jobs/index.js'
import { fitRecipe, type Recipe, trainingErrors, withEpochs } from '../../training/index.js'
import { workflowErrors } from '../errors.js'
import { describeInheritance, fineTuningRecipe, inheritWeights } from './inherit-weights.js'
import type { TrainRequest } from './train-request.js'
import type { PlannedJob } from './train-settings.js'
import { continueTraining, fromScratch, type PreparedStart } from './training-start.js'

/** What a request comes to on these images. */
export interface PreparedTraining extends PlannedJob, Pick<PreparedStart, 'store'> {}

/** @param begun the training in the request's folder, whose plan stays */
export async function prepareTraining(
  request: TrainRequest,
  task: Task,
  dataset: Dataset,
  begun: PlannedJob | null,
): Promise<PreparedTraining> {
  const { start } = request
  if (start?.kind === 'continue') {
    const { registry, data } = request
    return continueTraining(start, { registry, task, dataset, dataFolder: data.folder, begun })
  }
  const architecture = withTask(request.architecture, task.name, taskOptionsFor(request.architecture, task, dataset))
  const model = lower(architecture, task)
  const inherited = start && (await inheritWeights(start.model, task, dataset.labels, model))
  if (inherited) request.reporter.note(describeInheritance({ ...request, start }, inherited))
  const chosen = inherited && request.recipeIsNamed ? fineTuningRecipe(request.recipe, inherited) : request.recipe
  const recipe = changedRecipe(chosen, request, dataset.size('train'))
  const plan = await planOf(request, model, recipe.batchSize, begun?.plan)
  const { epochs } = recipe
  const job: TrialJob = {
    architecture,
    data: dataset.fingerprint,
    recipe,
    seed: request.seed,
    fidelity: { epochs, scheduleEpochs: epochs, inputSize: architecture.input.size, headFilters: architecture.head.filters },
    ...preprocessingOf(request, task),
    start: (inherited ?? fromScratch).start,
    ...(start && start.frozen.length > 0 && { frozen: start.frozen }),
  }
  return { job, plan, store: (inherited ?? fromScratch).store }
}

/** With the user's changes. Epochs of the command line are other ones than its author had in mind, or those that a file leaves open. */
function changedRecipe(recipe: JsonObject, { changes }: TrainRequest, trainingImages: number): Recipe {
  const { epochs, ...others } = changes
  if (epochs === undefined) return fitRecipe(recipe, others, trainingImages)
  return withEpochs(fitRecipe({ epochs, ...recipe }, others, trainingImages), epochs)
}

/**
 * As the weights to start from need it and the user asks for it, where that is not the task's own way.
 * @throws MNAS_TRAIN_FIT
 */
export function preprocessingOf(
  { start, fit }: Pick<TrainRequest, 'start' | 'fit'>,
  task: Pick<Task, 'name' | 'preprocessing' | 'otherFits' | 'inherit'>,
): Pick<TrialJob, 'preprocessing'> {
  const own = start ? task.inherit(start.model.bundle.preprocessing) : task.preprocessing
  const preprocessing = fit === undefined ? own : { ...own, fit: fitOfKind(fit, task) }
  return hashJson(preprocessing) === hashJson(task.preprocessing) ? {} : { preprocessing }
}

function fitOfKind(
  kind: string,
  { name, preprocessing, otherFits = [] }: Pick<Task, 'name' | 'preprocessing' | 'otherFits'>,
): Fit {
  const fits = [preprocessing.fit, ...otherFits]
  const found = fits.find((fit) => fit.kind === kind)
  if (found) return found
  throw workflowErrors.MNAS_TRAIN_FIT({ task: name, received: kind, known: fits.map((fit) => fit.kind) })
}

/** The plan of the training that was begun here, else a fresh one. @throws MNAS_TRAIN_SETTINGS, MNAS_ENGINE_ACCELERATOR */
async function planOf(
  { registry, wish, out }: TrainRequest,
  model: Graph,
  batchSize: number,
  recorded: ExecutionPlan | undefined,
): Promise<ExecutionPlan> {
  if (!recorded) return planTraining(registry, wish, model, batchSize)
  const differences = await planDifferences(registry, wish, recorded, model, batchSize)
  if (differences.length === 0) return recorded
  throw trainingErrors.MNAS_TRAIN_SETTINGS({ folder: out, differs: differences.join('; ') })
}

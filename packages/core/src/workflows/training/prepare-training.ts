import { taskOptionsFor, withTask } from '../../architecture/index.js'
import type { Dataset, ExecutionPlan, Graph, Task, TrialJob } from '../../contracts/index.js'
import { hashJson } from '../../files/index.js'
import { lower } from '../../graph/index.js'
import { planDifferences, planTraining } from '../../jobs/index.js'
import { fitRecipe, trainingErrors } from '../../training/index.js'
import type { TrainRequest } from './train-request.js'
import type { PlannedJob } from './train-settings.js'
import { continueTraining, fromScratch, inheritWeights, type PreparedStart, type TrainingStart } from './training-start.js'

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
  if (start?.kind === 'continue') return continueTraining(start.model, start.moreEpochs, dataset, request.data.folder)
  const prepared = start ? await inheritWeights(start.model, task, dataset.labels) : fromScratch
  const { job, plan } = await fromRequest(request, task, dataset, begun)
  const frozen = start && start.frozen.length > 0 && { frozen: start.frozen }
  return { job: { ...job, ...preprocessingOf(start, task), start: prepared.start, ...frozen }, plan, store: prepared.store }
}

/** As the weights to start from need it, where that is not the task's own way. */
export function preprocessingOf(start: TrainingStart | undefined, task: Task): Pick<TrialJob, 'preprocessing'> {
  if (!start) return {}
  const preprocessing = task.inherit(start.model.bundle.preprocessing)
  return hashJson(preprocessing) === hashJson(task.preprocessing) ? {} : { preprocessing }
}

async function fromRequest(request: TrainRequest, task: Task, dataset: Dataset, begun: PlannedJob | null): Promise<PlannedJob> {
  const architecture = withTask(request.architecture, task.name, taskOptionsFor(request.architecture, task, dataset))
  const recipe = fitRecipe(request.recipe, request.changes, dataset.size('train'))
  const plan = await planOf(request, lower(architecture, task), recipe.batchSize, begun?.plan)
  const { epochs } = recipe
  const fidelity = { epochs, scheduleEpochs: epochs, inputSize: architecture.input.size, headFilters: architecture.head.filters }
  return {
    job: { architecture, data: dataset.fingerprint, recipe, seed: request.seed, fidelity, start: fromScratch.start },
    plan,
  }
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

import { withFidelity } from '../architecture/index.js'
import type { Graph, Task, TrialJob } from '../contracts/index.js'
import { lower, parametersOf } from '../graph/index.js'
import { trainingErrors } from './errors.js'
import type { BatchSource } from './evaluation/evaluate.js'
import { targetsOf } from './evaluation/targets-of.js'
import { frozenParameters } from './frozen-stages.js'
import { headRates } from './head-rates.js'
import { parseRecipe } from './recipes/recipe.js'
import type { CompiledTraining, OpenJob } from './training.js'
import { trainingPlan } from './training-loop.js'

/** What is trained: the deployed architecture at the job's fidelity, lowered. */
export function trainedGraph(job: TrialJob, task: Task): Graph {
  return lower(withFidelity(job.architecture, job.fidelity), task)
}

/** Both sessions of a training; the caller closes them. @throws MNAS_TRAIN_RECIPE, MNAS_TRAIN_TOO_FEW_IMAGES and what the engine throws */
export async function compileTraining({ engine, task, job, plan, dataset, runtime }: OpenJob): Promise<CompiledTraining> {
  const recipe = parseRecipe(job.recipe)
  if (dataset.size('train') < recipe.batchSize) throw trainingErrors.MNAS_TRAIN_TOO_FEW_IMAGES({ images: dataset.size('train') })
  const graph = trainedGraph(job, task)
  const parameters = parametersOf(graph)
  const options = job.architecture.task.options
  const session = await engine.compile({
    model: graph,
    objective: task.objective(graph, options, recipe.loss),
    optimizer: { ...recipe.optimizer, weightDecay: recipe.weightDecay, average: recipe.average !== null },
    batchSize: recipe.batchSize,
    batchNormMomentum: recipe.batchNormMomentum,
    frozen: frozenParameters(graph, parameters, job.frozen ?? []),
    rates: headRates(job.architecture, parameters, recipe.learningRate.head),
    plan,
  })
  const inference = await engine.compileInference({ model: graph, batchSize: recipe.batchSize, plan })
  const source: BatchSource = {
    dataset,
    inputSize: job.fidelity.inputSize,
    batchSize: recipe.batchSize,
    seed: job.seed,
    targets: targetsOf(task, graph, options),
    runtime,
  }
  const batchesPerEpoch = dataset.batchesPerEpoch(trainingPlan(source, recipe))
  const stepsPerEpoch = Math.ceil(batchesPerEpoch / recipe.accumulate)
  const schedule = { recipe, stepsPerEpoch, epochs: job.fidelity.scheduleEpochs }
  return { recipe, graph, parameters, session, inference, source, batchesPerEpoch, schedule }
}

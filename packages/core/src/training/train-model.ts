import { architectureHash, withFidelity } from '../architecture/index.js'
import type { Graph, Metrics, Task, TrialJob } from '../contracts/index.js'
import { hashJson } from '../files/index.js'
import { initializeWeights, lower, parametersOf } from '../graph/index.js'
import { type Checkpoint, checkpointFile, type EpochRecord, loadCheckpoint } from './checkpoint.js'
import { trainingErrors } from './errors.js'
import type { BatchSource } from './evaluate.js'
import { frozenParameters } from './frozen-stages.js'
import { seedOf } from './random-inputs.js'
import { parseRecipe } from './recipe.js'
import type { Progress, Training, TrainingSetup } from './training.js'
import { runEpochs, trainingPlan } from './training-loop.js'

export interface TrainingResult {
  readonly metrics: Metrics
  /** Step of the best weights, which lie in `bestWeightsFile(folder)`. */
  readonly step: number
  readonly history: readonly EpochRecord[]
}

/**
 * Trains one job to its fidelity and keeps the best weights by the task's primary metric on the held-out split.
 * Continues from the folder's checkpoint when there is one, bit for bit as if it had never stopped.
 * @throws MNAS_TRAIN_DIVERGED, MNAS_CHECKPOINT_CORRUPT, MNAS_TRAIN_TOO_FEW_IMAGES, MNAS_FILE_WRITE
 */
export async function trainModel(setup: TrainingSetup): Promise<TrainingResult> {
  const training = await compile(setup)
  try {
    const progress = await runEpochs(training, await startOrResume(training))
    const best = progress.history.find((record) => record.step === progress.best?.step)
    return { metrics: best?.metrics ?? {}, step: best?.step ?? progress.step, history: progress.history }
  } finally {
    await training.session.close()
    await training.inference.close()
  }
}

/** What is trained: the deployed architecture at the job's fidelity, lowered. */
export function trainedGraph(job: TrialJob, task: Task): Graph {
  return lower(withFidelity(job.architecture, job.fidelity), task)
}

async function compile(setup: TrainingSetup): Promise<Training> {
  const { engine, task, job, dataset } = setup
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
    plan: job.plan,
  })
  const inference = await engine.compileInference({ model: graph, batchSize: recipe.batchSize, plan: job.plan })
  const source: BatchSource = {
    dataset,
    inputSize: job.fidelity.inputSize,
    batchSize: recipe.batchSize,
    seed: job.seed,
    workers: setup.workers,
    whileWorking: setup.whileWorking,
    signal: setup.signal,
  }
  const batchesPerEpoch = dataset.batchesPerEpoch(trainingPlan(source, recipe))
  const stepsPerEpoch = Math.ceil(batchesPerEpoch / recipe.accumulate)
  const schedule = { recipe, stepsPerEpoch, epochs: job.fidelity.scheduleEpochs }
  return { setup, recipe, graph, parameters, session, inference, source, batchesPerEpoch, schedule }
}

async function startOrResume(training: Training): Promise<Progress> {
  const { setup, session, graph } = training
  const saved = await loadCheckpoint(setup.folder)
  if (saved) {
    requireSameJob(saved.checkpoint, setup.job, setup.folder)
    await session.restore(saved.state)
    return saved.checkpoint
  }
  if (setup.start?.kind === 'checkpoint') {
    await session.restore(setup.start.state)
    return goingOn(setup.start.checkpoint, training)
  }
  await session.load({ ...initializeWeights(graph, seedOf('weights', setup.job.seed)), ...setup.start?.tensors })
  return { step: 0, next: { epoch: 0, index: 0 }, lossSum: 0, best: null, history: [] }
}

/**
 * Another job's progress as this one's. Epochs count on; steps are those of so many epochs of these images. The best weights are chosen anew:
 * the old ones stay where they are.
 */
function goingOn({ next: { epoch }, history }: Checkpoint, { schedule }: Training): Progress {
  return { step: epoch * schedule.stepsPerEpoch, next: { epoch, index: 0 }, lossSum: 0, best: null, history }
}

function requireSameJob(checkpoint: Checkpoint, job: TrialJob, folder: string): void {
  if (checkpoint.job === hashJson(job)) return
  throw trainingErrors.MNAS_CHECKPOINT_CORRUPT({
    path: checkpointFile(folder),
    reason: `it belongs to another training than ${architectureHash(job.architecture).slice(0, 12)}`,
  })
}

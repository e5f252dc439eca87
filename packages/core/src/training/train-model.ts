import { architectureHash, withFidelity } from '../architecture/index.js'
import type {
  Dataset,
  ExecutionPlan,
  Graph,
  InferenceSession,
  Metrics,
  Parameter,
  Position,
  Task,
  Tensors,
  TrainingEngine,
  TrainingSession,
  TrialJob,
} from '../contracts/index.js'
import { hashJson } from '../files/index.js'
import { initializeWeights, lower, parametersOf } from '../graph/index.js'
import { writeSafetensors } from '../weights/index.js'
import { bestWeightsFile, type Checkpoint, type EpochRecord, loadCheckpoint, saveCheckpoint } from './checkpoint.js'
import { trainingErrors } from './errors.js'
import { type BatchSource, evaluateSplit, recomputeBatchNorm } from './evaluate.js'
import { averageDecayAt, learningRateAt, type Schedule } from './learning-rate.js'
import { randomInputs, seedOf } from './random-inputs.js'
import { parseRecipe, type Recipe } from './recipe.js'

export interface TrainingProgress {
  /** Epochs done. */
  readonly epoch: number
  readonly step: number
  readonly steps: number
  readonly imagesPerSecond: number
  /** `loss` of the last step; the held-out metrics after an evaluation. */
  readonly metrics: Metrics
}

export interface TrainingSetup {
  readonly engine: TrainingEngine
  readonly task: Task
  readonly dataset: Dataset
  readonly job: TrialJob
  /** Where the checkpoint and the best weights lie; one training per folder. */
  readonly folder: string
  /** Threads that decode images. */
  readonly workers: number
  readonly whileWorking: <T>(work: () => Promise<T>) => Promise<T>
  readonly checkpointEveryMs: number
  /** Weights or a whole state to start from instead of fresh ones. */
  readonly start?: { readonly kind: 'weights' | 'state'; readonly tensors: Tensors }
  report(progress: TrainingProgress): void
  /** Aborting writes a checkpoint and ends with the signal's reason. */
  readonly signal: AbortSignal
}

export interface TrainingResult {
  readonly metrics: Metrics
  /** Step of the best weights, which lie in `bestWeightsFile(folder)`. */
  readonly step: number
  readonly history: readonly EpochRecord[]
}

/** Everything that stays the same from step to step. */
interface Training {
  readonly setup: TrainingSetup
  readonly recipe: Recipe
  readonly graph: Graph
  readonly parameters: readonly Parameter[]
  readonly session: TrainingSession
  readonly inference: InferenceSession
  readonly source: BatchSource
  readonly schedule: Schedule
}

/** The part of a checkpoint that moves. */
type Progress = Pick<Checkpoint, 'step' | 'next' | 'lossSum' | 'best' | 'history'>

/**
 * Trains one job to its fidelity and keeps the best weights by the task's primary metric on the held-out split.
 * Continues from the folder's checkpoint when there is one, bit for bit as if it had never stopped.
 * @throws MNAS_TRAIN_DIVERGED, MNAS_CHECKPOINT_CORRUPT, MNAS_TRAIN_TOO_FEW_IMAGES, MNAS_FILE_WRITE
 */
export async function trainModel(setup: TrainingSetup): Promise<TrainingResult> {
  const training = await compile(setup)
  try {
    const progress = await train(training, await startOrResume(training))
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
  const options = job.architecture.task.options
  const session = await engine.compile({
    model: graph,
    objective: task.objective(graph, options, recipe.loss),
    optimizer: { ...recipe.optimizer, weightDecay: recipe.weightDecay, average: recipe.average !== null },
    batchSize: recipe.batchSize,
    batchNormMomentum: recipe.batchNormMomentum,
    frozen: [],
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
  const stepsPerEpoch = dataset.batchesPerEpoch(trainingPlan(source, recipe))
  const schedule = { recipe, stepsPerEpoch, epochs: job.fidelity.scheduleEpochs }
  return { setup, recipe, graph, parameters: parametersOf(graph), session, inference, source, schedule }
}

async function startOrResume(training: Training): Promise<Progress> {
  const { setup, session, graph } = training
  const saved = await loadCheckpoint(setup.folder)
  if (saved) {
    requireSameJob(saved.checkpoint, setup.job, setup.folder)
    await session.restore(saved.state)
    return saved.checkpoint
  }
  const fresh = initializeWeights(graph, seedOf('weights', setup.job.seed))
  if (setup.start?.kind === 'state') await session.restore(setup.start.tensors)
  else await session.load({ ...fresh, ...setup.start?.tensors })
  return { step: 0, next: { epoch: 0, index: 0 }, lossSum: 0, best: null, history: [] }
}

function requireSameJob(checkpoint: Checkpoint, job: TrialJob, folder: string): void {
  if (checkpoint.job === hashJson(job)) return
  throw trainingErrors.MNAS_CHECKPOINT_CORRUPT({
    path: folder,
    reason: `it belongs to another training than ${architectureHash(job.architecture).slice(0, 12)}`,
  })
}

async function train(training: Training, start: Progress): Promise<Progress> {
  const { setup } = training
  let progress = start
  const save = () => saveProgress(training, progress)
  try {
    while (true) {
      if (owesEvaluation(progress)) {
        progress = await endEpoch(training, progress)
        await save()
      }
      if (progress.next.epoch >= setup.job.fidelity.epochs) return progress
      for await (const next of epochSteps(training, progress)) {
        progress = next.progress
        if (next.checkpointDue && !owesEvaluation(progress)) await save()
      }
    }
  } catch (error) {
    if (setup.signal.aborted) await save()
    throw error
  }
}

/** All steps of an epoch are done and its record is not written yet: also the state of a training that stopped right there. */
function owesEvaluation({ next, history }: Progress): boolean {
  return next.index === 0 && history.length < next.epoch
}

/** Steps to the end of the current epoch; the session has taken each step when it is yielded. */
async function* epochSteps(training: Training, from: Progress): AsyncGenerator<{ progress: Progress; checkpointDue: boolean }> {
  const { setup, recipe, source, schedule } = training
  const steps = setup.job.fidelity.epochs * schedule.stepsPerEpoch
  const clock = stepClock(setup.checkpointEveryMs)
  let progress = from
  for await (const batch of source.dataset.batches(trainingPlan(source, recipe), from.next, source.workers, source.signal)) {
    setup.signal.throwIfAborted()
    const loss = await source.whileWorking(() => takeStep(training, batch.inputs, progress.step))
    progress = {
      ...progress,
      step: progress.step + 1,
      next: following(progress.next, schedule.stepsPerEpoch),
      lossSum: progress.lossSum + loss,
    }
    const checkpointDue = clock.step()
    setup.report({
      epoch: progress.history.length,
      step: progress.step,
      steps,
      imagesPerSecond: clock.stepsPerSecond() * recipe.batchSize,
      metrics: { loss },
    })
    yield { progress, checkpointDue }
    if (progress.next.index === 0) return
  }
}

async function takeStep({ setup, recipe, session, schedule }: Training, inputs: Tensors, step: number): Promise<number> {
  const learningRate = learningRateAt(schedule, step)
  const masks = randomInputs(session.randomInputs, recipe.batchSize, setup.job.seed, step)
  const averageDecay = recipe.average ? averageDecayAt(recipe.average.decay, step) : 0
  const { loss } = await session.step({ ...inputs, ...masks }, { learningRate, averageDecay })
  if (loss === undefined || !Number.isFinite(loss))
    throw trainingErrors.MNAS_TRAIN_DIVERGED({ step, loss: loss ?? Number.NaN, learningRate })
  return loss
}

/** Evaluates when it is due, keeps the weights when they are the best so far, and writes the epoch's record. */
async function endEpoch(training: Training, progress: Progress): Promise<Progress> {
  const { setup, recipe, schedule } = training
  const epoch = progress.history.length + 1
  const last = epoch === setup.job.fidelity.epochs
  const due = last || (recipe.evaluateEveryEpochs > 0 && epoch % recipe.evaluateEveryEpochs === 0)
  const metrics = due ? await evaluateAndKeepBest(training, progress) : null
  const value = metrics?.[setup.task.primaryMetric]
  const isBest = value !== undefined && (progress.best === null || value > progress.best.value)
  const record: EpochRecord = {
    epoch,
    step: progress.step,
    trainingLoss: progress.lossSum / schedule.stepsPerEpoch,
    learningRate: learningRateAt(schedule, Math.max(0, progress.step - 1)),
    metrics,
  }
  setup.report({
    epoch,
    step: progress.step,
    steps: setup.job.fidelity.epochs * schedule.stepsPerEpoch,
    imagesPerSecond: 0,
    metrics: { trainingLoss: record.trainingLoss, ...metrics },
  })
  return {
    ...progress,
    lossSum: 0,
    best: isBest ? { step: progress.step, value } : progress.best,
    history: [...progress.history, record],
  }
}

async function evaluateAndKeepBest(training: Training, progress: Progress): Promise<Metrics> {
  const { setup, recipe, session, inference, source, parameters } = training
  const which = recipe.average ? 'average' : 'raw'
  let weights = await session.weights(which)
  await inference.load(weights)
  if (recipe.batchNormRecomputation) {
    weights = await recomputeBatchNorm(inference, weights, parameters, source, recipe.batchNormRecomputation.images)
    await inference.load(weights)
  }
  const accumulator = setup.task.metrics(setup.job.architecture.task.options, setup.dataset.labels)
  const metrics = await evaluateSplit(inference, source, 'heldOut', accumulator)
  const value = metrics[setup.task.primaryMetric]
  if (value !== undefined && (progress.best === null || value > progress.best.value)) {
    await writeSafetensors(bestWeightsFile(setup.folder), weights, {
      which,
      step: String(progress.step),
      job: hashJson(setup.job),
    })
  }
  return metrics
}

async function saveProgress({ setup, session }: Training, progress: Progress): Promise<void> {
  const { step, next, lossSum, best, history } = progress
  const plan: ExecutionPlan = setup.job.plan
  await saveCheckpoint(
    setup.folder,
    { job: hashJson(setup.job), plan, step, next, lossSum, best, history },
    await session.state(),
  )
}

function following({ epoch, index }: Position, stepsPerEpoch: number): Position {
  return index + 1 === stepsPerEpoch ? { epoch: epoch + 1, index: 0 } : { epoch, index: index + 1 }
}

function trainingPlan(source: BatchSource, recipe: Recipe) {
  const { batchSize, inputSize, seed } = source
  return { split: 'train', batchSize, inputSize, seed, augmentation: recipe.augmentation, training: true } as const
}

/** Rate over the last steps, and when the next checkpoint is due. */
function stepClock(checkpointEveryMs: number) {
  const start = performance.now()
  let steps = 0
  let lastCheckpoint = start
  return {
    step(): boolean {
      steps++
      const now = performance.now()
      if (now - lastCheckpoint < checkpointEveryMs) return false
      lastCheckpoint = now
      return true
    },
    stepsPerSecond: () => (steps * 1000) / Math.max(1, performance.now() - start),
  }
}

import { basename, join } from 'node:path'
import { type Architecture, taskOptionsFor, withTask } from '../architecture/index.js'
import { type ModelBundle, writeBundle } from '../bundle/index.js'
import type { WrittenChart } from '../charts/index.js'
import type { Dataset, ExecutionPlan, Graph, JobEvent, JsonObject, Metrics, Task, TrialJob } from '../contracts/index.js'
import { type DataSource, openData, skippedFilesTeller } from '../data/index.js'
import { fromErrorRecord } from '../errors/index.js'
import type { Reporter } from '../events/index.js'
import { hashJson } from '../files/index.js'
import { lower } from '../graph/index.js'
import {
  folderBlobStore,
  type JobResult,
  localExecutor,
  type PlanWish,
  planDifferences,
  planTraining,
  readJobResult,
} from '../jobs/index.js'
import type { Registry } from '../plugins/index.js'
import {
  bestWeightsFile,
  fitRecipe,
  loadCheckpoint,
  type RecipeChanges,
  trainedGraph,
  trainingErrors,
} from '../training/index.js'
import { readSafetensors } from '../weights/index.js'
import { drawTraining } from './draw-charts.js'
import { fitIntoTime } from './fit-into-time.js'
import { trainingTeller } from './tell-training.js'
import { jobFolder, readTrainingSettings } from './train-settings.js'
import { openTraining, requireNewFolder } from './training-folder.js'
import { continueTraining, fromScratch, inheritWeights, type PreparedStart, type TrainingStart } from './training-start.js'

export interface TrainRequest {
  readonly registry: Registry
  /** At the size to train and deploy. */
  readonly architecture: Architecture
  readonly data: DataSource
  /** The bundle's folder; the training's own files go to its `local/`. */
  readonly out: string
  /** As loadRecipe gives it. */
  readonly recipe: JsonObject
  /** Default: from scratch. A continued training takes its architecture, recipe, seed and plan from the bundle's. */
  readonly start?: TrainingStart
  readonly changes: RecipeChanges
  /** As many epochs as fit into so much time from now, instead of the recipe's. */
  readonly timeMs?: number
  readonly seed: number
  /** How many of the last checkpoints stay. */
  readonly checkpointsKept: number
  /** Engine, accelerator and threads: of a training that was begun, they must agree with its plan. */
  readonly wish: PlanWish
  readonly mnasVersion: string
  readonly reporter: Reporter
  readonly signal: AbortSignal
}

export interface TrainedBundle {
  readonly bundle: ModelBundle
  readonly out: string
  readonly result: JobResult
  /** Metrics of the bundle's weights on the validation images. */
  readonly validation: Metrics
  /** In the bundle's `charts/`; none where drawing failed. */
  readonly charts: readonly WrittenChart[]
}

/**
 * Trains an architecture on a folder of images and writes the bundle. The same request resumes what was interrupted, bit for bit, and tells a
 * finished training again. A training that fails before its first checkpoint leaves nothing behind.
 * @throws MNAS_TRAIN_…, MNAS_DATA_…, MNAS_RUN_LOCKED when another process trains into the same folder, MNAS_FILE_WRITE
 */
export async function trainToBundle(request: TrainRequest): Promise<TrainedBundle> {
  const startedMs = performance.now()
  const { registry, architecture, out } = request
  const task = await registry.get('task', architecture.task.name)
  const recorded = await readTrainingSettings(out)
  if (!recorded) await requireNewFolder(out, request.data.folder)
  const { data, start, reporter, signal } = request
  const dataset = await openData(task, data, { ...preprocessingOf(start, task), reporter, signal })
  const tellSkipped = skippedFilesTeller(request.reporter)
  try {
    tellSkipped(dataset.skipped)
    const { job: prepared, store } = await prepareJob(request, task, dataset, recorded?.job.plan)
    const job = request.timeMs === undefined ? prepared : await fitIntoTime(request, startedMs, prepared, recorded?.job)
    const training = await openTraining(out, job, request.data.folder)
    try {
      await store(folderBlobStore(join(jobFolder(out), 'blobs')))
      const trained = await trainJob(request, task, dataset, training.job)
      tellSkipped(trained.result.skipped)
      return trained
    } catch (error) {
      await training.discardIfEmpty()
      throw error
    } finally {
      training.close()
    }
  } finally {
    await dataset.close()
  }
}

/** As the weights to start from need it, where that is not the task's own way. */
function preprocessingOf(start: TrainingStart | undefined, task: Task): Pick<TrialJob, 'preprocessing'> {
  if (!start) return {}
  const preprocessing = task.inherit(start.model.bundle.preprocessing)
  return hashJson(preprocessing) === hashJson(task.preprocessing) ? {} : { preprocessing }
}

async function prepareJob(
  request: TrainRequest,
  task: Task,
  dataset: Dataset,
  recordedPlan: ExecutionPlan | undefined,
): Promise<Pick<PreparedStart, 'store'> & { readonly job: TrialJob }> {
  const { start } = request
  if (start?.kind === 'continue') return continueTraining(start.model, start.moreEpochs, dataset, request.data.folder)
  const prepared = start ? await inheritWeights(start.model, task, dataset.labels) : fromScratch
  const job = await jobOf(request, task, dataset, recordedPlan)
  const frozen = start && start.frozen.length > 0 && { frozen: start.frozen }
  return { job: { ...job, ...preprocessingOf(start, task), start: prepared.start, ...frozen }, store: prepared.store }
}

async function jobOf(
  request: TrainRequest,
  task: Task,
  dataset: Dataset,
  recordedPlan: ExecutionPlan | undefined,
): Promise<TrialJob> {
  const architecture = withTask(request.architecture, task.name, taskOptionsFor(request.architecture, task, dataset))
  const recipe = fitRecipe(request.recipe, request.changes, dataset.size('train'))
  const plan = await planOf(request, lower(architecture, task), recipe.batchSize, recordedPlan)
  return {
    architecture,
    data: dataset.fingerprint,
    recipe,
    seed: request.seed,
    fidelity: {
      epochs: recipe.epochs,
      scheduleEpochs: recipe.epochs,
      inputSize: architecture.input.size,
      headFilters: architecture.head.filters,
    },
    start: fromScratch.start,
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

async function trainJob(request: TrainRequest, task: Task, dataset: Dataset, job: TrialJob): Promise<TrainedBundle> {
  const { out, reporter } = request
  const folder = jobFolder(out)
  reporter.stage('training', job.architecture.name)
  if (!(await readJobResult(folder))) {
    await warnOfPlan(request, task, job)
    await warnOfDecoders(request, dataset, folder)
    await runToEnd(request, task, job, folder)
  }
  const result = (await readJobResult(folder))!
  const { tensors, metadata } = await readSafetensors(bestWeightsFile(folder)).catch((error: unknown) => {
    const reason = `the best weights of the training that ended (${basename(bestWeightsFile(folder))}) are missing or damaged`
    throw trainingErrors.MNAS_CHECKPOINT_CORRUPT({ path: folder, reason }, error)
  })
  const bundle: ModelBundle = {
    version: 1,
    name: basename(out),
    architecture: job.architecture,
    task: { name: task.name, options: job.architecture.task.options },
    labels: dataset.labels,
    preprocessing: job.preprocessing ?? task.preprocessing,
    metrics: result.validation ?? result.estimate.metrics,
    weights: metadata['which'] === 'average' ? 'average' : 'raw',
    provenance: {
      mnas: request.mnasVersion,
      data: {
        fingerprint: job.data,
        train: dataset.size('train'),
        heldOut: dataset.size('heldOut'),
        validation: dataset.size('validation'),
      },
      recipe: job.recipe,
      start: { ...job.start },
      ...(job.frozen && { frozen: job.frozen }),
      seed: job.seed,
      plan: { ...job.plan },
      job: hashJson(job),
    },
  }
  await writeBundle(out, bundle, tensors)
  const charts = await drawTraining(out, bundle, result, task, reporter)
  return { bundle, out, result, validation: bundle.metrics, charts }
}

/** What the engine has to say about how it will train. */
async function warnOfPlan({ registry, reporter }: TrainRequest, task: Task, job: TrialJob): Promise<void> {
  const engine = await registry.get('engine', job.plan.engine)
  const warning = await engine.describePlan?.(job.plan, trainedGraph(job, task))
  if (warning) reporter.warn(warning)
}

/** A training that is resumed sees the same pixels only from the same decoders. */
async function warnOfDecoders({ reporter }: TrainRequest, dataset: Dataset, folder: string): Promise<void> {
  const before = (await loadCheckpoint(folder))?.checkpoint.decoders
  if (before === undefined) return
  const now = await dataset.decoders?.()
  if (now === before) return
  reporter.warn(
    `The images are decoded otherwise than when this training began (${before}; now ${now ?? 'unknown'}). It goes on with pixels that may ` +
      'differ by rounding, so its result is not to the bit that of an uninterrupted one',
  )
}

/** Runs the job in its child process. @throws what the job failed with; the signal's reason when it was cancelled */
async function runToEnd(
  { registry, data, checkpointsKept, reporter, signal }: TrainRequest,
  { headlines }: Task,
  job: TrialJob,
  folder: string,
): Promise<void> {
  const executor = localExecutor({
    manifests: registry.manifests,
    folder,
    folderOf: () => folder,
    data,
    checkpointsKept,
    validate: true,
    keepCheckpoint: true,
  })
  const cancel = () => void executor.cancel(hashJson(job))
  signal.addEventListener('abort', cancel, { once: true })
  try {
    signal.throwIfAborted()
    await executor.submit(job)
    const tell = trainingTeller(job, headlines, reporter)
    for await (const event of executor.events()) if (handle(event, tell, signal)) return
  } finally {
    signal.removeEventListener('abort', cancel)
    await executor.close()
  }
}

/** @returns whether the job is done */
function handle(event: JobEvent, tell: ReturnType<typeof trainingTeller>, signal: AbortSignal): boolean {
  switch (event.kind) {
    case 'started':
    case 'beat':
      return false
    case 'progress':
      tell(event)
      return false
    case 'completed':
      return true
    case 'cancelled':
      throw signal.reason
    case 'failed':
    case 'lost':
      throw fromErrorRecord(event.error)
    default:
      throw event satisfies never
  }
}

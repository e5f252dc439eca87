import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  BlobStore,
  Dataset,
  Estimate,
  JobEvent,
  JsonObject,
  Metrics,
  Task,
  TrainingEngine,
  TrialJob,
} from '../contracts/index.js'
import { openData } from '../data/index.js'
import { coreErrors } from '../errors/index.js'
import { hashJson, reasonOf, removeTemporaries } from '../files/index.js'
import { parametersOf } from '../graph/index.js'
import { quietMachine } from '../measurement/index.js'
import { createRegistry } from '../plugins/index.js'
import {
  bestWeightsFile,
  deleteCheckpoints,
  evaluateSplit,
  measurePace,
  parseRecipe,
  readCheckpoint,
  type TrainingPace,
  type TrainingSetup,
  targetsOf,
  trainedGraph,
  trainingErrors,
  trainModel,
  withInference,
} from '../training/index.js'
import { readSafetensors } from '../weights/index.js'
import type { Assignment, TrainingSource } from './assignment.js'
import { folderBlobStore } from './folder-blob-store.js'
import { readJobResult, writeJobResult } from './job-result.js'
import type { MemoryFacts } from './memory/out-of-memory.js'
import { watchMemory } from './memory/watch-memory.js'

/**
 * Trains one job in this process and leaves result.json and best.safetensors in its folder. A job that is done already is told again, not
 * trained again. Called in a process of its own: a training step blocks the event loop.
 */
export async function runAssignment(
  assignment: Assignment,
  report: (event: JobEvent) => void,
  signal: AbortSignal,
  tellMemory: (facts: MemoryFacts) => void = () => undefined,
): Promise<Estimate> {
  const done = await readJobResult(assignment.folder)
  if (done) return done.estimate
  await makeFolder(assignment.folder)
  return withOpened(assignment, { report, signal, tellMemory }, (opened) => trainAndRecord({ ...opened, assignment }))
}

/** How fast a job would train in this process. */
export function measureSource(
  source: TrainingSource,
  report: (event: JobEvent) => void,
  signal: AbortSignal,
  tellMemory: (facts: MemoryFacts) => void,
): Promise<TrainingPace> {
  const { job, data } = source
  return withOpened(source, { report, signal, tellMemory }, (opened) => measurePace({ ...opened, job, workers: data.workers }))
}

interface Listeners {
  readonly report: (event: JobEvent) => void
  readonly signal: AbortSignal
  readonly tellMemory: (facts: MemoryFacts) => void
}

/** What a job's training needs, open. */
interface Opened {
  readonly task: Task
  readonly engine: TrainingEngine
  readonly dataset: Dataset
  readonly whileWorking: TrainingSetup['whileWorking']
  readonly report: (event: JobEvent) => void
  readonly signal: AbortSignal
}

async function withOpened<T>(
  source: TrainingSource,
  { report, signal, tellMemory }: Listeners,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const { job, manifests, data } = source
  const registry = createRegistry(manifests)
  const task = await registry.get('task', job.architecture.task.name)
  const { accumulate } = parseRecipe(job.recipe)
  const engine = watchMemory(await registry.get('engine', job.plan.engine), accumulate, tellMemory)
  const whileWorking = beating(quietMachine(data.cacheFolder).whileWorking, job, report)
  const dataset = await openDataset(task, source, whileWorking, signal)
  try {
    return await work({ task, engine, dataset, whileWorking, report, signal })
  } finally {
    await dataset.close()
  }
}

interface Context extends Opened {
  readonly assignment: Assignment
}

async function trainAndRecord(context: Context): Promise<Estimate> {
  const { assignment, task, engine, dataset, whileWorking, report, signal } = context
  const { job, folder } = assignment
  const start = await startOf(job, task, folderBlobStore(assignment.blobFolder))
  const trained = await trainModel({
    engine,
    task,
    dataset,
    job,
    folder,
    workers: assignment.data.workers,
    whileWorking,
    checkpointEveryMs: assignment.checkpointEveryMs,
    checkpointsKept: assignment.checkpointsKept,
    ...(start && { start }),
    report: (progress) => report({ job: hashJson(job), kind: 'progress', ...progress }),
    signal,
  })
  const estimate: Estimate = { metrics: trained.metrics, fidelity: job.fidelity }
  const validation = assignment.validate ? await validate(context) : null
  await writeJobResult(folder, {
    version: 1,
    estimate,
    validation: validation?.metrics ?? null,
    details: validation?.details ?? null,
    step: trained.step,
    history: trained.history,
    skipped: dataset.skipped,
  })
  if (!assignment.keepCheckpoint) await deleteCheckpoints(folder)
  return estimate
}

async function openDataset(
  task: Task,
  { data, job }: TrainingSource,
  whileWorking: TrainingSetup['whileWorking'],
  signal: AbortSignal,
): Promise<Dataset> {
  const dataset = await openData(task, data, { preprocessing: job.preprocessing, whileWorking, signal })
  if (dataset.fingerprint === job.data) return dataset
  await dataset.close()
  throw trainingErrors.MNAS_DATA_CHANGED({ folder: data.folder, expected: job.data, received: dataset.fingerprint })
}

interface EvaluatedSplit {
  readonly metrics: Metrics
  readonly details: JsonObject | null
}

/** The best weights on the validation images, which nothing has seen before. */
async function validate({ assignment, task, engine, dataset, whileWorking, signal }: Context): Promise<EvaluatedSplit> {
  const { job, folder, data } = assignment
  const { batchSize } = parseRecipe(job.recipe)
  const model = trainedGraph(job, task)
  const { tensors } = await readSafetensors(bestWeightsFile(folder))
  const { options } = job.architecture.task
  const source = {
    dataset,
    inputSize: job.fidelity.inputSize,
    batchSize,
    seed: job.seed,
    targets: targetsOf(task, model, options),
    workers: data.workers,
    whileWorking,
    signal,
  }
  return withInference(engine, { model, batchSize, plan: job.plan }, tensors, async (session) => {
    const accumulator = task.metrics(options, dataset.labels)
    const metrics = await evaluateSplit(session, source, 'validation', 'exact', accumulator)
    return { metrics, details: accumulator.details?.() ?? null }
  })
}

/** continue: the whole training state of the same blocks; inherit: the weights whose name and shape fit. */
async function startOf(job: TrialJob, task: Task, blobs: BlobStore): Promise<TrainingSetup['start'] | undefined> {
  if (job.start.kind === 'scratch') return undefined
  const folder = await mkdtemp(join(tmpdir(), 'mnas-start-'))
  try {
    const path = join(folder, 'checkpoint.safetensors')
    await blobs.get(job.start.checkpoint, path)
    if (job.start.kind === 'continue') return { kind: 'checkpoint', ...(await readCheckpoint(path)) }
    const { tensors } = await readSafetensors(path)
    const shapes = new Map(parametersOf(trainedGraph(job, task)).map((parameter) => [parameter.name, parameter.shape.join()]))
    const fitting = Object.entries(tensors).filter(([name, tensor]) => shapes.get(name) === tensor.shape.join())
    return { kind: 'weights', tensors: Object.fromEntries(fitting) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const beatEveryMs = 1000

/** Every piece of work is a sign of life. */
function beating(
  whileWorking: TrainingSetup['whileWorking'],
  job: TrialJob,
  report: (event: JobEvent) => void,
): TrainingSetup['whileWorking'] {
  const id = hashJson(job)
  let last = 0
  return async (work) => {
    if (performance.now() - last > beatEveryMs) {
      last = performance.now()
      report({ job: id, kind: 'beat' })
    }
    return whileWorking(work)
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await removeTemporaries(folder)
  } catch (error) {
    throw coreErrors.MNAS_FILE_WRITE({ path: folder, reason: reasonOf(error) }, error)
  }
}

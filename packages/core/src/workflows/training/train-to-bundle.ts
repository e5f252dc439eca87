import { countSeen, type ModelBundle, readTrainedOn, recordTrainedOn, writeBundle } from '../../bundle/index.js'
import type { WrittenChart } from '../../charts/index.js'
import type { BlobStore, Dataset, JobResult, Metrics, Task, TrialExecutor } from '../../contracts/index.js'
import { openData, skippedFilesTeller, splitNames, tellLook } from '../../data/index.js'
import { fromErrorRecord } from '../../errors/index.js'
import type { Reporter } from '../../events/index.js'
import { lower } from '../../graph/index.js'
import { localExecutor, withBlob } from '../../jobs/index.js'
import { isDamage, isMissing, parseRecipe, targetsOf, trainingErrors } from '../../training/index.js'
import { readSafetensors, type Safetensors } from '../../weights/index.js'
import { drawTraining } from '../draw-charts.js'
import { bundleOfTraining } from './bundle-of-training.js'
import { fitIntoTime } from './fit-into-time.js'
import { keepFront, lineageOfTraining } from './lineage-of-training.js'
import { type PreparedTraining, prepareTraining, preprocessingOf } from './prepare-training.js'
import { trainingTeller } from './tell-training.js'
import type { TrainRequest } from './train-request.js'
import { jobFolder, type PlannedJob, readTrainingSettings } from './train-settings.js'
import { openTraining, requireNewFolder } from './training-folder.js'

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
  const { registry, architecture, out, data, reporter, signal } = request
  const task = await registry.get('task', architecture.task.name)
  const recorded = await readTrainingSettings(out)
  if (!recorded) await requireNewFolder(out, data.folder)
  const dataset = await openData(task, data, { ...preprocessingOf(request, task), reporter, signal })
  const tellSkipped = skippedFilesTeller(reporter)
  try {
    tellSkipped(dataset.skipped)
    await warnOfImagesSeen(request, dataset)
    const { store, ...prepared } = await prepareTraining(request, task, dataset, recorded)
    tellLookOf(prepared, task, dataset, reporter)
    const wanted = request.timeMs === undefined ? prepared : await fitIntoTime(request, startedMs, prepared, recorded)
    const training = await openTraining(out, wanted, data)
    try {
      const trained = await train(request, task, dataset, { ...training.begun, store })
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

async function train(
  request: TrainRequest,
  task: Task,
  dataset: Dataset,
  { job, plan, store }: PreparedTraining,
): Promise<TrainedBundle> {
  const { registry, data, out, checkpointsKept, reporter } = request
  const folder = jobFolder(out)
  const { manifests } = registry
  const checkpoints = { kept: checkpointsKept }
  const lessMemory = request.start?.kind === 'continue' && { lessMemory: anotherBatch }
  const executor = localExecutor({ manifests, data, folder, folderOf: () => folder, checkpoints, ...lessMemory })
  try {
    await store(executor.blobs)
    const result = await runToEnd(executor, request, task, { job, plan })
    const weights = await bestWeights(executor.blobs, result, folder)
    const { provenance, front } = await lineageOfTraining(request)
    const bundle = bundleOfTraining(request, task, dataset, job, result, weights, provenance)
    await rememberImages(out, dataset, await imagesOf(request.start))
    await keepFront(out, front)
    await writeBundle(out, bundle, weights.tensors)
    // Whoever runs the same command again puts it there again.
    if (job.start.kind !== 'scratch') await executor.blobs.delete(job.start.checkpoint)
    const charts = await drawTraining(out, bundle, result, task, reporter)
    return { bundle, out, result, validation: bundle.metrics, charts }
  } finally {
    await executor.close()
  }
}

/** A training that goes on keeps its batch. */
const anotherBatch = 'train with --init instead of --continue, and a smaller --batch'

/** For the network that is trained, and as its recipe teaches. */
function tellLookOf({ job }: PlannedJob, task: Task, dataset: Dataset, reporter: Reporter): void {
  if (!dataset.look) return
  const targets = targetsOf(task, lower(job.architecture, task), job.architecture.task.options)
  tellLook(dataset, { targets: [targets], augmentation: parseRecipe(job.recipe).augmentation }, reporter)
}

/** Images that the weights to begin with have been trained on; none where nobody knows. */
async function imagesOf(start: TrainRequest['start']): Promise<ReadonlySet<bigint>> {
  return (start && (await readTrainedOn(start.model.folder))) ?? new Set()
}

/**
 * So that an evaluation on other folders can tell which of their images were trained on, whatever they are called there.
 * @param earlier images, which the weights to begin with had seen
 */
async function rememberImages(out: string, dataset: Dataset, earlier: ReadonlySet<bigint>): Promise<void> {
  if (!dataset.identities) return
  const identities = new Set([...earlier, ...dataset.identities('train'), ...dataset.identities('heldOut')])
  await recordTrainedOn(out, BigUint64Array.from(identities))
}

/** What those weights have learnt by heart judges neither the training nor the model. */
async function warnOfImagesSeen({ start, reporter }: TrainRequest, dataset: Dataset): Promise<void> {
  const seen = await imagesOf(start)
  for (const split of seen.size > 0 && dataset.identities ? (['heldOut', 'validation'] as const) : []) {
    const count = countSeen(dataset.identities!(split), seen)
    if (count === 0) continue
    const all = dataset.size(split).toLocaleString('en')
    reporter.warn(
      `The weights to begin with were trained on ${count.toLocaleString('en')} of the ${all} ${splitNames[split]}: accuracy on them is too high`,
    )
  }
}

/** @throws what the job failed with; the signal's reason when it was cancelled */
async function runToEnd(
  executor: TrialExecutor,
  { reporter, signal }: TrainRequest,
  { headlines }: Task,
  { job, plan }: PlannedJob,
): Promise<JobResult> {
  reporter.stage('training', job.architecture.name)
  const tell = trainingTeller(job, headlines, reporter)
  const end = await executor.run(
    { job, plan, validate: true, keep: ['weights', 'checkpoint'] },
    (progress) => (progress.kind === 'warning' ? reporter.warn(progress.message) : tell(progress)),
    signal,
  )
  if (end.kind === 'completed') return end.result
  throw fromErrorRecord(end.error)
}

/** @throws MNAS_CHECKPOINT_CORRUPT when they are missing or damaged, and what else reading them fails of, as MNAS_FILE_WRITE */
async function bestWeights(blobs: BlobStore, { artefacts }: JobResult, folder: string): Promise<Safetensors> {
  return withBlob(blobs, artefacts.weights!, (path) => readSafetensors(path)).catch((error: unknown) => {
    if (!isMissing(error) && !isDamage(error)) throw error
    const reason = 'the best weights of the training that ended are missing or damaged'
    throw trainingErrors.MNAS_CHECKPOINT_CORRUPT({ path: folder, reason }, error)
  })
}

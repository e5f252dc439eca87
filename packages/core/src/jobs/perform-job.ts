import { mkdir } from 'node:fs/promises'
import type { BlobStore, JobProgress, JobRequest, JobResult, JsonObject, Metrics } from '../contracts/index.js'
import { coreErrors } from '../errors/index.js'
import { reasonOf, removeTemporaries } from '../files/index.js'
import {
  bestWeightsFile,
  type Checkpoint,
  evaluateSplit,
  loadCheckpointRecord,
  type OpenJob,
  parseRecipe,
  type Runtime,
  targetsOf,
  trainedGraph,
  trainingErrors,
  trainModel,
  whenNotFinite,
  withInference,
} from '../training/index.js'
import { readSafetensors } from '../weights/index.js'
import { storeArtefacts } from './artefacts.js'
import { startOfJob } from './start-of-job.js'
import { type Workplace, withOpenJob } from './with-open-job.js'

/** A workplace for a whole training. */
export interface JobPlace extends Workplace<Runtime> {
  /** Of this job alone, and kept until it is done: its checkpoints and best weights. */
  readonly folder: string
  readonly blobs: BlobStore
  hear(progress: JobProgress): void
}

/**
 * Trains one job in this process: what every executor does in the end, wherever it does it. Goes on from the checkpoint in the folder, under the
 * plan of that. A training step blocks the event loop, so an executor gives it a process of its own.
 * @throws MNAS_TRAIN_…, MNAS_DATA_…, MNAS_CHECKPOINT_CORRUPT, MNAS_FILE_WRITE, the signal's reason after a checkpoint
 */
export async function performJob({ job, plan, validate, keep }: JobRequest, place: JobPlace): Promise<JobResult> {
  const { folder, blobs } = place
  await makeFolder(folder)
  const begun = await loadCheckpointRecord(folder)
  return withOpenJob(job, begun?.plan ?? plan, place, async (open) => {
    await warn(open, begun, place)
    const start = await startOfJob(job, open.task, blobs)
    const trained = await trainModel({
      ...open,
      folder,
      ...(start && { start }),
      report: (progress) => place.hear({ kind: 'steps', ...progress }),
    })
    const validation = validate ? await evaluateBest(open, folder, trained.history.at(-1)!) : null
    return {
      ...trained,
      validation: validation?.metrics ?? null,
      details: validation?.details ?? null,
      skipped: open.dataset.skipped,
      plan: open.plan,
      artefacts: await storeArtefacts(folder, keep, blobs),
    }
  })
}

/** What the engine has to say about how it will train, and that pixels may not be what they were. */
async function warn({ job, plan, engine, task, dataset }: OpenJob, begun: Checkpoint | null, { hear }: JobPlace): Promise<void> {
  const slow = await engine.describePlan?.(plan, trainedGraph(job, task))
  if (slow) hear({ kind: 'warning', message: slow })
  const before = begun?.decoders
  const now = before === undefined ? undefined : await dataset.decoders?.()
  if (now === before) return
  const message =
    `The images are decoded otherwise than when this training began (${before}; now ${now ?? 'unknown'}). It goes on with pixels that may ` +
    'differ by rounding, so its result is not to the bit that of an uninterrupted one'
  hear({ kind: 'warning', message })
}

/** The best weights on the validation images, which nothing has seen before. @throws MNAS_TRAIN_DIVERGED */
async function evaluateBest(
  { job, plan, engine, task, dataset, runtime }: OpenJob,
  folder: string,
  { step, learningRate }: JobResult['history'][number],
): Promise<{ readonly metrics: Metrics; readonly details: JsonObject | null }> {
  const { batchSize } = parseRecipe(job.recipe)
  const model = trainedGraph(job, task)
  const { options } = job.architecture.task
  const targets = targetsOf(task, model, options)
  const source = { dataset, inputSize: job.fidelity.inputSize, batchSize, seed: job.seed, targets, runtime }
  const { tensors } = await readSafetensors(bestWeightsFile(folder))
  return withInference(engine, { model, batchSize, plan }, tensors, async (session) => {
    const accumulator = task.metrics(options, dataset.labels, targets)
    const metrics = await evaluateSplit(session, source, 'validation', 'exact', accumulator).catch(
      whenNotFinite(({ received }) => trainingErrors.MNAS_TRAIN_DIVERGED({ step, received, learningRate, saved: step })),
    )
    return { metrics, details: accumulator.details?.() ?? null }
  })
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await removeTemporaries(folder)
  } catch (error) {
    throw coreErrors.MNAS_FILE_WRITE({ path: folder, reason: reasonOf(error) }, error)
  }
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TrainedModel } from '../../bundle/index.js'
import type { BlobStore, Dataset, Stage, Start, Task, TrialJob } from '../../contracts/index.js'
import { hashFile } from '../../files/index.js'
import { adaptPlan } from '../../jobs/index.js'
import type { Registry } from '../../plugins/index.js'
import { checkpointFile, fitRecipe, trainedGraph } from '../../training/index.js'
import { workflowErrors } from '../errors.js'
import { requireSameLabels } from '../evaluate-bundle.js'
import { jobFolder, type PlannedJob, readTrainingSettings } from './train-settings.js'

/** What a training begins with instead of fresh weights. */
export type TrainingStart =
  /** A bundle's weights, for other images: the head is new, unless task and labels are the same; `frozen` stages keep theirs. */
  | { readonly kind: 'init'; readonly model: TrainedModel; readonly frozen: readonly Stage[] }
  /** The whole state at the end of a bundle's training. Default: as many epochs again. */
  | { readonly kind: 'continue'; readonly model: TrainedModel; readonly moreEpochs?: number }

export type StartOf<K extends TrainingStart['kind']> = Extract<TrainingStart, { readonly kind: K }>

/** A start as a job names it, by the hash of a file. */
export interface PreparedStart {
  readonly start: Start
  /** Puts that file where the job's process looks for it. */
  store(blobs: BlobStore): Promise<void>
}

export const fromScratch: PreparedStart = { start: { kind: 'scratch' }, store: async () => undefined }

/** Puts bytes where a job's process looks for them. */
export async function storeBytes(blobs: BlobStore, bytes: Uint8Array): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mnas-start-'))
  try {
    const path = join(folder, 'weights.safetensors')
    await writeFile(path, bytes)
    await blobs.put(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What a continued training finds here. */
interface ContinuedOn {
  readonly registry: Registry
  readonly task: Task
  readonly dataset: Dataset
  readonly dataFolder: string
  /** The same continued training, when it was begun before: its plan stays. */
  readonly begun: PlannedJob | null
}

/**
 * The job that goes on where the bundle's own ended, under the same settings and a schedule laid out for all epochs. Its batch is smaller where there
 * are fewer images now; its plan is the bundle's, as far as that fits the batch and this computer.
 * @throws MNAS_TRAIN_CONTINUE when its checkpoint is not there, MNAS_EVALUATE_LABELS when the images have other classes, MNAS_TRAIN_TOO_FEW_IMAGES,
 * MNAS_ENGINE_ACCELERATOR
 */
export async function continueTraining(
  { model, moreEpochs }: StartOf<'continue'>,
  { registry, task, dataset, dataFolder, begun }: ContinuedOn,
): Promise<PreparedStart & PlannedJob> {
  const recorded = await readTrainingSettings(model.folder)
  const path = checkpointFile(jobFolder(model.folder))
  const checkpoint = await hashFile(path).catch(() => null)
  if (!recorded || checkpoint === null) throw workflowErrors.MNAS_TRAIN_CONTINUE({ model: model.argument, path })
  requireSameLabels(model.bundle.labels, dataset.labels, dataFolder)
  const { fidelity } = recorded.job
  const epochs = fidelity.epochs + (moreEpochs ?? fidelity.epochs)
  const start: Start = { kind: 'continue', checkpoint }
  const recipe = fitRecipe(recorded.job.recipe, { epochs }, dataset.size('train'))
  const job: TrialJob = {
    ...recorded.job,
    data: dataset.fingerprint,
    recipe,
    fidelity: { ...fidelity, epochs, scheduleEpochs: epochs },
    start,
  }
  const engine = await registry.get('engine', recorded.plan.engine)
  const plan = begun?.plan ?? (await adaptPlan(engine, recorded.plan, trainedGraph(job, task), recipe.batchSize))
  return { job, plan, start, store: async (blobs) => void (await blobs.put(path)) }
}

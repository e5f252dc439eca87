import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TrainedModel } from '../../bundle/index.js'
import type { BlobStore, Dataset, Stage, Start, TrialJob } from '../../contracts/index.js'
import { hashFile } from '../../files/index.js'
import { checkpointFile, fitRecipe } from '../../training/index.js'
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

/**
 * The job that goes on where the bundle's own ended, under the same settings and plan and a schedule laid out for all epochs; its batch is smaller where
 * there are fewer images now.
 * @throws MNAS_TRAIN_CONTINUE when its checkpoint is not there, MNAS_EVALUATE_LABELS when the images have other classes, MNAS_TRAIN_TOO_FEW_IMAGES
 */
export async function continueTraining(
  { folder, bundle, argument }: TrainedModel,
  moreEpochs: number | undefined,
  dataset: Dataset,
  dataFolder: string,
): Promise<PreparedStart & PlannedJob> {
  const recorded = await readTrainingSettings(folder)
  const path = checkpointFile(jobFolder(folder))
  const checkpoint = await hashFile(path).catch(() => null)
  if (!recorded || checkpoint === null) throw workflowErrors.MNAS_TRAIN_CONTINUE({ model: argument, path })
  requireSameLabels(bundle.labels, dataset.labels, dataFolder)
  const { recipe, fidelity } = recorded.job
  const epochs = fidelity.epochs + (moreEpochs ?? fidelity.epochs)
  const start: Start = { kind: 'continue', checkpoint }
  const job: TrialJob = {
    ...recorded.job,
    data: dataset.fingerprint,
    recipe: fitRecipe(recipe, { epochs }, dataset.size('train')),
    fidelity: { ...fidelity, epochs, scheduleEpochs: epochs },
    start,
  }
  return { job, plan: recorded.plan, start, store: async (blobs) => void (await blobs.put(path)) }
}

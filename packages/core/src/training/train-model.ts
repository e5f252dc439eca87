import { architectureHash } from '../architecture/index.js'
import type { EpochRecord, Metrics, TrialJob } from '../contracts/index.js'
import { hashJson } from '../files/index.js'
import { initializeWeights } from '../graph/index.js'
import { bestOnDisk } from './checkpoints/best-on-disk.js'
import { type Checkpoint, checkpointFile } from './checkpoints/checkpoint.js'
import { loadCheckpoint } from './checkpoints/load-checkpoint.js'
import { compileTraining } from './compile-training.js'
import { trainingErrors } from './errors.js'
import { seedOf } from './random-inputs.js'
import type { Progress, Training, TrainingSetup } from './training.js'
import { runEpochs } from './training-loop.js'

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
  const training = { ...(await compileTraining(setup)), setup }
  try {
    const { start, saved } = await startOrResume(training)
    const progress = await runEpochs(training, start, saved)
    // Of a training that goes on, another one's steps stand before its own.
    const best = progress.history.findLast((record) => record.step === progress.best?.step)
    return { metrics: best?.metrics ?? {}, step: best?.step ?? progress.step, history: progress.history }
  } finally {
    await training.session.close()
    await training.inference.close()
  }
}

/** @returns where it stands, and the step of the checkpoint in its folder; null: there is none yet */
async function startOrResume(training: Training): Promise<{ readonly start: Progress; readonly saved: number | null }> {
  const { setup, session, graph } = training
  const found = await loadCheckpoint(setup.folder)
  if (found) {
    requireSameJob(found.checkpoint, setup.job, setup.folder)
    await session.restore(found.state)
    const best = await bestOnDisk(found.checkpoint, setup.folder)
    return { start: { ...found.checkpoint, best }, saved: found.checkpoint.step }
  }
  if (setup.start?.kind === 'checkpoint') {
    await session.restore(setup.start.state)
    return { start: goingOn(setup.start.checkpoint, training), saved: null }
  }
  await session.load({ ...initializeWeights(graph, seedOf('weights', setup.job.seed)), ...setup.start?.tensors })
  return { start: { step: 0, next: { epoch: 0, index: 0 }, lossSum: 0, best: null, history: [] }, saved: null }
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

import type { Batch, Metrics, Position, Tensors } from '../contracts/index.js'
import { hashJson } from '../files/index.js'
import { saveCheckpoint } from './checkpoints/save-checkpoint.js'
import { Diverged } from './diverged.js'
import { endEpoch, owesEvaluation } from './end-epoch.js'
import { trainingErrors } from './errors.js'
import type { BatchSource } from './evaluation/evaluate.js'
import { primaryMetric } from './evaluation/primary-metric.js'
import { randomInputs } from './random-inputs.js'
import { averageDecayAt, learningRateAt } from './recipes/learning-rate.js'
import type { Recipe } from './recipes/recipe.js'
import { type StepClock, stepClock } from './step-clock.js'
import type { Progress, Training } from './training.js'

/**
 * From wherever a training stands to the end of its last epoch. The batches come from one iterator, so that the workers prepare the next
 * epoch's while this one is evaluated.
 * @param savedStep of the checkpoint in the training's folder; null: there is none
 */
export async function runEpochs(training: Training, start: Progress, savedStep: number | null): Promise<Progress> {
  const { setup } = training
  const clock = stepClock(setup.runtime.checkpoints.everyMs)
  let progress = start
  let saved = savedStep
  const save = async () => {
    await saveProgress(training, progress)
    saved = progress.step
    clock.saved()
  }
  const finishEpoch = async () => {
    progress = await endEpoch(training, progress)
    await save()
    clock.resume()
  }
  const done = () => progress.next.epoch >= setup.job.fidelity.epochs
  try {
    if (owesEvaluation(progress)) await finishEpoch()
    if (done()) return progress
    for await (const { next, losses } of updates(training, start)) {
      const lossSum = losses.reduce((sum, loss) => sum + loss, progress.lossSum)
      progress = { ...progress, step: progress.step + 1, next, lossSum }
      clock.step(losses.length * training.recipe.batchSize)
      reportUpdate(training, progress, losses, clock)
      if (owesEvaluation(progress)) await finishEpoch()
      else if (clock.checkpointDue()) await save()
      if (done()) break
    }
    return progress
  } catch (error) {
    // Any other failure may have left the session between two states.
    const { signal } = setup.runtime
    if (signal.aborted && error === signal.reason) await save()
    throw error instanceof Diverged ? trainingErrors.MNAS_TRAIN_DIVERGED({ ...error.facts, saved }, error) : error
  }
}

/** One update that the session has taken. */
interface Update {
  /** The batch after its last one. */
  readonly next: Position
  /** Of its batches. */
  readonly losses: readonly number[]
}

/**
 * Update after update without end. Gradients that wait for their update are no part of a checkpoint, so an abort is obeyed only between two
 * updates.
 */
async function* updates(training: Training, from: Progress): AsyncGenerator<Update> {
  const { recipe, source, batchesPerEpoch } = training
  const { workers, whileWorking, signal } = source.runtime
  const stop = new AbortController()
  let losses: number[] = []
  let inUpdate = false
  let step = from.step
  const obey = () => {
    if (!inUpdate) stop.abort(signal.reason)
  }
  signal.addEventListener('abort', obey)
  try {
    for await (const batch of source.dataset.batches(trainingPlan(source, recipe), from.next, workers, stop.signal)) {
      if (!inUpdate) signal.throwIfAborted()
      inUpdate = true
      const next = following(batch.position, batchesPerEpoch)
      const apply = losses.length + 1 === recipe.accumulate || next.index === 0
      losses.push(await whileWorking(() => takeStep(training, batch, step, apply)))
      if (!apply) continue
      yield { next, losses }
      losses = []
      step++
      inUpdate = false
      signal.throwIfAborted()
    }
  } finally {
    signal.removeEventListener('abort', obey)
  }
}

/** Forward and backward on one batch and, when `apply` says so, the update of step n. */
async function takeStep(training: Training, { inputs, position }: Batch, step: number, apply: boolean): Promise<number> {
  const { setup, recipe, session, schedule, batchesPerEpoch } = training
  const learningRate = learningRateAt(schedule, step)
  const ordinal = position.epoch * batchesPerEpoch + position.index
  const masks: Tensors = randomInputs(session.randomInputs, recipe.batchSize, setup.job.seed, ordinal)
  const averageDecay = recipe.average ? averageDecayAt(recipe.average.decay, step) : 0
  const { loss } = await session.step({ ...inputs, ...masks }, { learningRate, averageDecay }, apply)
  if (loss === undefined || !Number.isFinite(loss))
    throw new Diverged({ step, received: `a loss of ${loss ?? Number.NaN}`, learningRate })
  return loss
}

function reportUpdate({ setup, schedule }: Training, progress: Progress, losses: readonly number[], clock: StepClock): void {
  setup.report({
    epoch: progress.history.length,
    step: progress.step,
    steps: setup.job.fidelity.epochs * schedule.stepsPerEpoch,
    imagesPerSecond: clock.imagesPerSecond(),
    metrics: {
      loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
      ...lastEvaluation(progress, primaryMetric(setup.task)),
    },
  })
}

/** Also right after a resume, when nobody has evaluated in this process. */
function lastEvaluation({ history }: Progress, metric: string): Metrics {
  const value = history.findLast(({ metrics }) => metrics?.[metric] !== undefined)?.metrics?.[metric]
  return value === undefined ? {} : { [`heldOut.${metric}`]: value }
}

async function saveProgress({ setup, session, schedule }: Training, progress: Progress): Promise<void> {
  const { step, next, lossSum, best, history } = progress
  const state = await session.state()
  // The loss may be finite once more after the weights are not: the last good checkpoint must survive that.
  if (!allFinite(state))
    throw new Diverged({
      step,
      received: 'weights that are no numbers',
      learningRate: learningRateAt(schedule, Math.max(0, step - 1)),
    })
  const decoders = await setup.dataset.decoders?.()
  const checkpoint = { job: hashJson(setup.job), plan: setup.plan, step, next, lossSum, best, history, decoders }
  await saveCheckpoint(setup.folder, checkpoint, state, setup.runtime.checkpoints.kept)
}

function allFinite(state: Tensors): boolean {
  return Object.values(state).every(({ data }) => {
    for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i]!)) return false
    return true
  })
}

function following({ epoch, index }: Position, batchesPerEpoch: number): Position {
  return index + 1 === batchesPerEpoch ? { epoch: epoch + 1, index: 0 } : { epoch, index: index + 1 }
}

export function trainingPlan(source: BatchSource, recipe: Recipe) {
  const { batchSize, inputSize, seed, targets } = source
  const { augmentation } = recipe
  return { split: 'train', batchSize, inputSize, seed, augmentation, training: true, targets, decoding: 'fast' } as const
}

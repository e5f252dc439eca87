import type { EpochRecord, Metrics } from '../contracts/index.js'
import { hashJson } from '../files/index.js'
import { writeSafetensors } from '../weights/index.js'
import { bestWeightsFile } from './checkpoints/checkpoint.js'
import { Diverged } from './diverged.js'
import { evaluateSplit, recomputeBatchNorm } from './evaluation/evaluate.js'
import { whenNotFinite } from './evaluation/metric-not-finite.js'
import { primaryMetric } from './evaluation/primary-metric.js'
import { learningRateAt } from './recipes/learning-rate.js'
import type { Progress, Training } from './training.js'

/** All steps of an epoch are done and its record is not written yet: also the state of a training that stopped right there. */
export function owesEvaluation({ next, history }: Progress): boolean {
  return next.index === 0 && history.length < next.epoch
}

/** Evaluates when it is due, keeps the weights when they are the best so far, and writes the epoch's record. @throws Diverged */
export async function endEpoch(training: Training, progress: Progress): Promise<Progress> {
  const { setup, recipe, schedule, batchesPerEpoch } = training
  const epoch = progress.history.length + 1
  const last = epoch === setup.job.fidelity.epochs
  const due = last || (recipe.evaluateEveryEpochs > 0 && epoch % recipe.evaluateEveryEpochs === 0)
  const metrics = due ? await evaluateAndKeepBest(training, progress) : null
  const value = metrics?.[primaryMetric(setup.task)]
  const isBest = value !== undefined && (progress.best === null || value > progress.best.value)
  const record: EpochRecord = {
    epoch,
    step: progress.step,
    trainingLoss: progress.lossSum / batchesPerEpoch,
    learningRate: lastLearningRate(training, progress),
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

const lastLearningRate = ({ schedule }: Training, { step }: Progress) => learningRateAt(schedule, Math.max(0, step - 1))

async function evaluateAndKeepBest(training: Training, progress: Progress): Promise<Metrics> {
  const { setup, recipe, session, inference, source, parameters } = training
  const which = recipe.average ? 'average' : 'raw'
  let weights = await session.weights(which)
  await inference.load(weights)
  if (recipe.batchNormRecomputation) {
    weights = await recomputeBatchNorm(inference, weights, parameters, source, recipe.batchNormRecomputation.images)
    await inference.load(weights)
  }
  const accumulator = setup.task.metrics(setup.job.architecture.task.options, setup.dataset.labels, source.targets)
  const { step } = progress
  const metrics = await evaluateSplit(inference, source, 'heldOut', 'fast', accumulator).catch(
    whenNotFinite(({ received }) => new Diverged({ step, received, learningRate: lastLearningRate(training, progress) })),
  )
  const value = metrics[primaryMetric(setup.task)]
  if (value !== undefined && (progress.best === null || value > progress.best.value)) {
    await writeSafetensors(bestWeightsFile(setup.folder), weights, {
      which,
      step: String(progress.step),
      job: hashJson(setup.job),
    })
  }
  return metrics
}

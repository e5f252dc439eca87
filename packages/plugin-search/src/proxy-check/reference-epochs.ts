import type { TrainingPace } from '@mnas/core/training'
import { referenceSeeds } from './check-jobs.js'
import { epochsInAll } from './proxy-settings.js'

/** Processes start, and images are decoded. */
const usedShare = 0.85
const fewestEpochs = 4
export const mostEpochs = 100

/** Epochs of a reference with which all trainings of so many networks fit into the time. */
export function referenceEpochs(seconds: number, networks: number, inputSize: number, pace: TrainingPace): number {
  const evaluations = pace.evaluateEveryEpochs === 0 ? 0 : 1 / pace.evaluateEveryEpochs
  const secondsPerEpoch =
    pace.batchesPerEpoch * pace.secondsPerBatch + evaluations * pace.batchesPerEvaluation * pace.secondsPerInference
  const epochs = (usedShare * seconds) / (networks * epochsInAll(referenceSeeds, inputSize) * secondsPerEpoch)
  return Math.min(mostEpochs, Math.max(fewestEpochs, Math.floor(epochs)))
}

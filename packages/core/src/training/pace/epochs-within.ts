/** How fast a training goes and what it has to do besides. */
export interface TrainingPace {
  /** One batch, forward, backward and update, waiting for its images included. */
  readonly secondsPerBatch: number
  /** One batch, forward only. */
  readonly secondsPerInference: number
  readonly batchesPerEpoch: number
  /** Forward-only batches of one evaluation: held-out images and recomputed statistics. */
  readonly batchesPerEvaluation: number
  /** Forward-only batches at the end: the validation images. */
  readonly batchesAtEnd: number
  /** 0 = only after the last epoch. */
  readonly evaluateEveryEpochs: number
}

/** Beyond this a longer schedule gains nothing that is worth its time. */
export const mostTimedEpochs = 400
/** Starting processes, checkpoints, and steps that turn out slower than those that were measured. */
const usableShare = 0.95

/** The epochs, at least one, that a training can do in so many seconds. */
export function epochsWithin(seconds: number, pace: TrainingPace): number {
  let epochs = 1
  while (epochs < mostTimedEpochs && secondsOfEpochs(epochs + 1, pace) <= seconds) epochs++
  return epochs
}

/** How long so many epochs take, with their evaluations, the end and what cannot be foreseen. */
export function secondsOfEpochs(epochs: number, pace: TrainingPace): number {
  const epoch = pace.batchesPerEpoch * pace.secondsPerBatch
  const evaluation = pace.batchesPerEvaluation * pace.secondsPerInference
  const evaluations = pace.evaluateEveryEpochs === 0 ? 1 : Math.ceil(epochs / pace.evaluateEveryEpochs)
  const end = pace.batchesAtEnd * pace.secondsPerInference
  return (epochs * epoch + evaluations * evaluation + end) / usableShare
}

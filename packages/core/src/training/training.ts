import type {
  Dataset,
  Graph,
  InferenceSession,
  Metrics,
  Parameter,
  Task,
  Tensors,
  TrainingEngine,
  TrainingSession,
  TrialJob,
} from '../contracts/index.js'
import type { Checkpoint } from './checkpoint.js'
import type { BatchSource } from './evaluate.js'
import type { Schedule } from './learning-rate.js'
import type { Recipe } from './recipe.js'

export interface TrainingProgress {
  /** Epochs done. */
  readonly epoch: number
  /** Updates done, of how many. */
  readonly step: number
  readonly steps: number
  readonly imagesPerSecond: number
  /**
   * After a step its `loss` and, as `heldOut.<name>`, the primary metric of the last evaluation; after an epoch `trainingLoss` and the held-out
   * metrics, when it was evaluated.
   */
  readonly metrics: Metrics
}

export interface TrainingSetup {
  readonly engine: TrainingEngine
  readonly task: Task
  readonly dataset: Dataset
  readonly job: TrialJob
  /** Where the checkpoints and the best weights lie; one training per folder. */
  readonly folder: string
  /** Threads that decode images. */
  readonly workers: number
  readonly whileWorking: <T>(work: () => Promise<T>) => Promise<T>
  /** A checkpoint is written so often, and after every epoch. */
  readonly checkpointEveryMs: number
  /** How many of the last checkpoints stay; the best weights stay anyway. */
  readonly checkpointsKept: number
  /** Instead of fresh weights: some of another model's, or the state at a checkpoint of a training of the same blocks. */
  readonly start?:
    | { readonly kind: 'weights'; readonly tensors: Tensors }
    | { readonly kind: 'checkpoint'; readonly state: Tensors; readonly checkpoint: Checkpoint }
  report(progress: TrainingProgress): void
  /** Aborting writes a checkpoint and ends with the signal's reason. */
  readonly signal: AbortSignal
}

/** What a job becomes before its first step. */
export interface CompiledTraining {
  readonly recipe: Recipe
  readonly graph: Graph
  readonly parameters: readonly Parameter[]
  readonly session: TrainingSession
  readonly inference: InferenceSession
  readonly source: BatchSource
  readonly batchesPerEpoch: number
  readonly schedule: Schedule
}

/** Everything that stays the same from step to step. */
export interface Training extends CompiledTraining {
  readonly setup: TrainingSetup
}

/** The part of a checkpoint that moves. */
export type Progress = Pick<Checkpoint, 'step' | 'next' | 'lossSum' | 'best' | 'history'>
